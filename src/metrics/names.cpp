// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "metrics/names.hpp"

#include <algorithm>
#include <cstdint>

BELLWETHER_NAMESPACE_BEGIN
namespace detail {
namespace {

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The length of the valid UTF-8 sequence at the front of `text`, 0 if there is none.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and what lies beyond U+10FFFF.
  if ((lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) > 0x9f) || (lead == 0xf0 && byte(1) < 0x90) ||
      (lead == 0xf4 && byte(1) > 0x8f)) {
    return 0;
  }
  return length;
}

/// The name as an error shows it: control and foreign bytes must not reach a log as they are.
std::string shown(std::string_view name) {
  constexpr std::size_t longest = 100;
  std::string text = "\"";
  for (const char c : replace_invalid_utf8(name.substr(0, longest))) {
    if (static_cast<std::uint8_t>(c) < 0x20 || c == 0x7f) {
      text += '?';
    } else {
      text += c;
    }
  }
  return text + (name.size() > longest ? "…\"" : "\"");
}

}  // namespace

bool is_legacy_metric_name(std::string_view name) noexcept {
  return !name.empty() && !is_digit(name[0]) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c) || c == ':'; });
}

bool is_legacy_label_name(std::string_view name) noexcept {
  return is_legacy_metric_name(name) && name.find(':') == std::string_view::npos;
}

bool is_valid_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      out += "\xef\xbf\xbd";
      text.remove_prefix(1);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

Result<void> check_metric_name(std::string_view name, bool utf8_names) {
  if (name.empty()) return Error{"a metric needs a name"};
  if (is_legacy_metric_name(name)) return {};
  if (!is_valid_utf8(name)) return Error{"the metric name " + shown(name) + " is not valid UTF-8"};
  if (utf8_names) return {};
  if (is_digit(name[0])) {
    return Error{"the metric name " + shown(name) + " begins with a digit; names begin with a letter, _ or :"};
  }
  const auto wrong =
      std::find_if_not(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c) || c == ':'; });
  const auto at = static_cast<std::size_t>(wrong - name.begin());
  return Error{"the metric name " + shown(name) + " has " +
               shown(name.substr(at, std::max<std::size_t>(1, sequence_length(name.substr(at))))) + " at character " +
               std::to_string(at + 1) +
               "; letters, digits, _ and : are allowed (RegistryOptions::utf8_names allows all)"};
}

Result<void> check_label_name(std::string_view metric, std::string_view name, bool utf8_names) {
  const std::string where = " of metric " + shown(metric);
  if (name.empty()) return Error{"a label" + where + " has no name"};
  if (name.starts_with("__"))
    return Error{"the label " + shown(name) + where + " begins with __, which is Prometheus's own"};
  if (is_legacy_label_name(name)) return {};
  if (!is_valid_utf8(name)) return Error{"the label name " + shown(name) + where + " is not valid UTF-8"};
  if (utf8_names) return {};
  return Error{"the label name " + shown(name) + where +
               " has a character other than letters, digits and _, or begins with a digit (RegistryOptions::utf8_names "
               "allows all)"};
}

void append_escaped_label_value(std::string& out, std::string_view value) {
  for (std::size_t special = 0; (special = value.find_first_of("\\\"\n")) != std::string_view::npos;) {
    out += value.substr(0, special);
    out += '\\';
    out += value[special] == '\n' ? 'n' : value[special];
    value.remove_prefix(special + 1);
  }
  out += value;
}

}  // namespace detail
BELLWETHER_NAMESPACE_END
