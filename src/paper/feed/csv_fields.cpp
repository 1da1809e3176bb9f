// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/csv_fields.hpp"

#include <charconv>
#include <cmath>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr double largest_number = 1e15;

}  // namespace

CsvFields::CsvFields(std::string_view line) noexcept {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  while (size_ < most) {
    const auto comma = line.find(',');
    fields_[size_++] = line.substr(0, comma);
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

bool parse_number(std::string_view text, double& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  // "nan" and "inf" are numbers to from_chars; NaN fails the comparison.
  return error == std::errc{} && end == text.data() + text.size() && std::abs(out) <= largest_number;
}

bool parse_integer(std::string_view text, std::int64_t& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
