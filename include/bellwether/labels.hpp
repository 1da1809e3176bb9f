// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN

/// A string as a template argument: the label names of a family.
template <std::size_t Size>
struct FixedString {
  char characters[Size]{};

  consteval FixedString(const char (&text)[Size]) { std::copy_n(text, Size, characters); }  // NOLINT

  constexpr std::string_view view() const noexcept { return {characters, Size - 1}; }
};

/// A value with the name of its label, for calls that should not depend on the order:
///
///     fills.at(label<"side">("buy"), label<"venue">("binance"));
template <FixedString Name>
struct LabelValue {
  static constexpr std::string_view name = Name.view();
  std::string_view value;
};

template <FixedString Name>
constexpr LabelValue<Name> label(std::string_view value) noexcept {
  return {value};
}

namespace detail {

constexpr bool is_label_name(std::string_view name) {
  return !name.empty() && !name.starts_with("__");
}

template <std::size_t Count>
constexpr bool all_differ(const std::array<std::string_view, Count>& names) {
  for (std::size_t i = 0; i < Count; ++i) {
    for (std::size_t j = i + 1; j < Count; ++j) {
      if (names[i] == names[j]) return false;
    }
  }
  return true;
}

}  // namespace detail
BELLWETHER_NAMESPACE_END
