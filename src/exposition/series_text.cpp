// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/series_text.hpp"

#include "exposition/name_escaping.hpp"
#include "metrics/names.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

using detail::SeriesRows;

void append_label(std::string& labels, const Names& names, Escaping escaping, std::string_view name,
                  std::string_view value) {
  const std::string escaped = names.plain ? std::string(name) : escape_label_name(name, escaping);
  labels += labels.empty() && !names.quoted ? '{' : ',';
  labels += detail::is_legacy_label_name(escaped) ? escaped : quoted_name(escaped);
  labels += "=\"";
  detail::append_escaped_label_value(labels, value);
  labels += '"';
}

void append_row_labels(std::string& labels, const detail::FamilyState& family, const std::uint32_t* words,
                       const Names& names, Escaping escaping) {
  const detail::SymbolTable& symbols = detail::SymbolTable::process();
  const auto& label_names = family.description().label_names;
  for (std::size_t i = 0; i < label_names.size(); ++i) {
    const detail::Symbol& symbol = symbols.at(SeriesRows::load(words + 1 + i));
    if (names.plain) {
      labels += symbol.text();
    } else {
      append_label(labels, names, escaping, label_names[i], symbol.value());
    }
  }
}

std::vector<std::string> state_labels(const detail::FamilyDescription& about, Escaping escaping) {
  std::vector<std::string> labels;
  const std::string escaped = escape_label_name(about.name, escaping);
  for (const std::string& state : about.states) {
    std::string& text = labels.emplace_back(detail::is_legacy_label_name(escaped) ? escaped : quoted_name(escaped));
    text += "=\"";
    detail::append_escaped_label_value(text, state);
    text += '"';
  }
  return labels;
}

std::vector<std::string> line_fronts(const detail::FamilyState& family, const std::uint32_t* words, Escaping escaping) {
  const auto& about = family.description();
  const Names names = make_names(about.name, about.legacy_names, escaping);
  std::string labels;
  append_row_labels(labels, family, words, names, escaping);
  const std::string front = names.front() + labels;
  const bool open = names.quoted || !labels.empty();
  if (about.kind != detail::Kind::state_set) return {front + (open ? "} " : " ")};
  std::vector<std::string> fronts = state_labels(about, escaping);
  for (std::string& text : fronts) text.insert(0, open ? "," : "{").insert(0, front).append("} ");
  return fronts;
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
