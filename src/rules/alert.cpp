// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/alert.hpp"

#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace rules {

std::uint64_t fingerprint(const AlertLabels& labels) noexcept {
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  const auto add = [&hash](unsigned char byte) {
    hash ^= byte;
    hash *= 1'099'511'628'211U;
  };
  for (const auto& [name, value] : labels) {
    for (const char c : name) add(static_cast<unsigned char>(c));
    add(0xFF);
    for (const char c : value) add(static_cast<unsigned char>(c));
    add(0xFF);
  }
  return hash;
}

std::string fingerprint_text(const AlertLabels& labels) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::uint64_t rest = fingerprint(labels);
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; rest >>= 4) text[i] = digits[rest & 15U];
  return text;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
