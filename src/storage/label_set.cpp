// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/label_set.hpp"

#include <algorithm>

#include "exposition/utf8.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void append_label(std::string& out, std::string_view name, std::string_view value) {
  if (out.size() > 1) out += ", ";
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
  });
  if (plain) {
    out += name;
  } else {
    append_quoted(out, name);
  }
  out += '=';
  append_quoted(out, value);
}

Result<void> check(const LabelView& label) {
  if (label.name.empty()) return Error{"a label without a name (its value is '" + std::string(label.value) + "')"};
  if (label.name.size() > LabelSet::max_text || label.value.size() > LabelSet::max_text) {
    return Error{"label '" + std::string(label.name.substr(0, 64)) + "' is longer than " +
                 std::to_string(LabelSet::max_text) + " bytes"};
  }
  if (!exposition::is_utf8(label.name)) return Error{"a label name is not UTF-8"};
  if (!exposition::is_utf8(label.value)) {
    return Error{"the value of label '" + std::string(label.name) + "' is not UTF-8"};
  }
  return {};
}

}  // namespace

Result<LabelSet> LabelSet::make(std::span<const LabelView> labels) {
  if (labels.size() > max_labels) {
    return Error{std::to_string(labels.size()) + " labels; a series has at most " + std::to_string(max_labels)};
  }
  LabelSet set;
  set.pairs_.reserve(labels.size());
  for (const LabelView& label : labels) {
    if (Result<void> good = check(label); !good) return good.error();
    set.pairs_.emplace_back(label.name, label.value);
  }
  std::sort(set.pairs_.begin(), set.pairs_.end());
  const auto repeated = std::adjacent_find(set.pairs_.begin(), set.pairs_.end(),
                                           [](const Pair& a, const Pair& b) { return a.first == b.first; });
  if (repeated != set.pairs_.end()) return Error{"label '" + repeated->first + "' stands twice"};
  set.pairs_.erase(std::remove_if(set.pairs_.begin(), set.pairs_.end(), [](const Pair& p) { return p.second.empty(); }),
                   set.pairs_.end());
  if (set.pairs_.empty()) return Error{"a series needs at least one label with a value"};
  return set;
}

std::string_view LabelSet::value(std::string_view name) const noexcept {
  for (const Pair& pair : pairs_) {
    if (pair.first == name) return pair.second;
  }
  return {};
}

std::string LabelSet::to_string() const {
  std::string out = "{";
  for (const Pair& pair : pairs_) append_label(out, pair.first, pair.second);
  return out + "}";
}

std::string to_string(std::span<const LabelView> labels) {
  std::string out = "{";
  for (const LabelView& label : labels) append_label(out, label.name, label.value);
  return out + "}";
}

std::string_view value_of(std::span<const LabelView> labels, std::string_view name) noexcept {
  for (const LabelView& label : labels) {
    if (label.name == name) return label.value;
  }
  return {};
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
