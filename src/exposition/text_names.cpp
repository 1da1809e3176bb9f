// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/text_names.hpp"

#include "exposition/name_escaping.hpp"
#include "metrics/names.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {

std::string quoted_name(std::string_view name) {
  std::string text = "\"";
  detail::append_escaped_label_value(text, name);
  return text + '"';
}

Names make_names(std::string_view name, bool legacy, Escaping escaping) {
  if (legacy && escaping != Escaping::dots) return {.escaped = std::string(name)};
  Names names{.escaped = escape_name(name, escaping), .plain = false};
  names.quoted = !detail::is_legacy_metric_name(names.escaped);
  return names;
}

Names without_total(Names names) {
  names.escaped.resize(names.escaped.size() - total_suffix.size());
  return names;
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
