// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace api {

// Pieces of JSON, appended to a text. Whoever writes sets the commas.

/// In quotes; what is no UTF-8 becomes U+FFFD.
void append_text(std::string& out, std::string_view text);

/// A sample's value, in quotes: shortest, without exponent from 1e-6 to 1e21, "+Inf", "-Inf", "NaN".
void append_value(std::string& out, double value);

/// Milliseconds as seconds: 1435781430.781, 1435781430.
void append_time(std::string& out, std::int64_t milliseconds);

/// A plain number, for what JSON has one.
void append_number(std::string& out, double value);

/// {"name":"value",...} of pairs or LabelViews.
template <typename Labels>
void append_labels(std::string& out, const Labels& labels) {
  out += '{';
  bool first = true;
  for (const auto& label : labels) {
    if (!std::exchange(first, false)) out += ',';
    const auto& [name, value] = label;
    append_text(out, name);
    out += ':';
    append_text(out, value);
  }
  out += '}';
}

/// ["a","b"]
template <typename Texts>
void append_texts(std::string& out, const Texts& texts) {
  out += '[';
  bool first = true;
  for (const auto& text : texts) {
    if (!std::exchange(first, false)) out += ',';
    append_text(out, text);
  }
  out += ']';
}

/// An object whose members are written one after the other.
///
///     Object object(out);
///     object.text("health", "up").number("samples", 12);
///     append_labels(object.key("labels"), labels);
///     object.end();
class Object {
 public:
  explicit Object(std::string& out) : out_(out) { out_ += '{'; }

  /// What is appended then is the member's value.
  std::string& key(std::string_view name) {
    if (!std::exchange(first_, false)) out_ += ',';
    append_text(out_, name);
    out_ += ':';
    return out_;
  }
  Object& text(std::string_view name, std::string_view value) {
    append_text(key(name), value);
    return *this;
  }
  template <std::integral Number>
  Object& number(std::string_view name, Number value) {
    key(name) += std::to_string(value);
    return *this;
  }
  Object& number(std::string_view name, double value) {
    append_number(key(name), value);
    return *this;
  }
  Object& boolean(std::string_view name, bool value) {
    key(name) += value ? "true" : "false";
    return *this;
  }
  void end() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace api
BELLWETHER_NAMESPACE_END
