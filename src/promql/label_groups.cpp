// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/label_groups.hpp"

#include <cstring>

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

std::uint64_t mix(std::uint64_t hash, std::uint64_t word) noexcept {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
  return hash ^ (hash >> 32U);
}

std::uint64_t hash_text(std::uint64_t hash, std::string_view text) noexcept {
  hash = mix(hash, text.size());
  std::uint64_t word = 0;
  for (; text.size() >= sizeof(word); text.remove_prefix(sizeof(word))) {
    std::memcpy(&word, text.data(), sizeof(word));
    hash = mix(hash, word);
  }
  word = 0;
  if (!text.empty()) std::memcpy(&word, text.data(), text.size());
  return mix(hash, word);
}

}  // namespace

std::uint64_t hash_label(std::uint64_t hash, const LabelView& label) noexcept {
  return hash_text(hash_text(hash, label.name), label.value);
}

void LabelGroups::grow() {
  constexpr std::size_t fewest = 64;
  slots_.assign(std::max(fewest, slots_.size() * 4), 0);
  for (std::size_t number = 0; number < hashes_.size(); ++number) {
    std::size_t slot = hashes_[number] & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::uint32_t>(number + 1);
  }
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
