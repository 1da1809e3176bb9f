// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/metadata_store.hpp"

#include <algorithm>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

/// A target that invents families without end is not followed.
constexpr std::size_t max_families = 100'000;
constexpr std::size_t max_text = 16UL * 1024;

std::size_t hash_of(const FamilyMetadata& value) {
  const std::hash<std::string_view> hash;
  return hash(value.family) ^ (hash(value.help) * 31) ^ (hash(value.unit) * 17) ^ static_cast<std::size_t>(value.type);
}

}  // namespace

MetadataStore::Target::~Target() = default;

void MetadataStore::Target::begin() noexcept {
  ++scrape_;
  cursor_ = 0;
  seen_ = 0;
}

const FamilyMetadata* MetadataStore::Target::at(std::string_view family) {
  // The families come in the order of last time, each up to three times in a row.
  const auto is_at = [&](std::size_t i) { return i < slots_.size() && slots_[i].value->family == family; };
  if (!is_at(cursor_)) {
    if (is_at(cursor_ + 1)) {
      ++cursor_;
    } else {
      const auto found = index_.find(family);
      if (found == index_.end()) return nullptr;
      cursor_ = found->second;
    }
  }
  Slot& slot = slots_[cursor_];
  if (slot.seen != scrape_) {
    slot.seen = scrape_;
    ++seen_;
  }
  return slot.value.get();
}

void MetadataStore::Target::change(FamilyMetadata value) {
  if (value.help.size() > max_text) value.help.resize(max_text);
  FamilyMetadataPtr made = store_->intern(std::move(value));
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(made->family);
  if (found != index_.end()) {
    const std::size_t position = found->second;
    index_.erase(found);  // its key is a view of the old value
    slots_[position].value = std::move(made);
    index_.emplace(slots_[position].value->family, position);
    return;
  }
  if (slots_.size() >= max_families) return;
  slots_.push_back({std::move(made), scrape_});
  index_.emplace(slots_.back().value->family, slots_.size() - 1);
  cursor_ = slots_.size() - 1;
  ++seen_;
}

void MetadataStore::Target::set_help(std::string_view family, std::string_view help) {
  const FamilyMetadata* const known = at(family);
  if (known != nullptr && known->help == help.substr(0, max_text)) return;
  FamilyMetadata value = known != nullptr ? *known : FamilyMetadata{.family = std::string(family)};
  value.help = help;
  change(std::move(value));
}

void MetadataStore::Target::set_type(std::string_view family, exposition::FamilyType type) {
  const FamilyMetadata* const known = at(family);
  if (known != nullptr && known->type == type) return;
  FamilyMetadata value = known != nullptr ? *known : FamilyMetadata{.family = std::string(family)};
  value.type = type;
  change(std::move(value));
}

void MetadataStore::Target::set_unit(std::string_view family, std::string_view unit) {
  const FamilyMetadata* const known = at(family);
  if (known != nullptr && known->unit == unit) return;
  FamilyMetadata value = known != nullptr ? *known : FamilyMetadata{.family = std::string(family)};
  value.unit = unit;
  change(std::move(value));
}

void MetadataStore::Target::end() {
  if (slots_.size() <= 2 * seen_ + 64) return;
  const std::lock_guard lock(mutex_);
  slots_.erase(std::remove_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return slot.seen != scrape_; }),
               slots_.end());
  index_.clear();
  for (std::size_t i = 0; i < slots_.size(); ++i) index_.emplace(slots_[i].value->family, i);
}

std::vector<FamilyMetadataPtr> MetadataStore::Target::families() const {
  const std::lock_guard lock(mutex_);
  std::vector<FamilyMetadataPtr> out;
  out.reserve(slots_.size());
  for (const Slot& slot : slots_) out.push_back(slot.value);
  return out;
}

FamilyMetadataPtr MetadataStore::Target::find(std::string_view family) const {
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(family);
  return found == index_.end() ? nullptr : slots_[found->second].value;
}

std::shared_ptr<MetadataStore::Target> MetadataStore::add_target(config::Labels labels) {
  auto target = std::make_shared<Target>(*this, std::move(labels));
  const std::lock_guard lock(mutex_);
  targets_.push_back(target);
  return target;
}

std::vector<std::shared_ptr<MetadataStore::Target>> MetadataStore::targets() const {
  std::vector<std::shared_ptr<Target>> out;
  const std::lock_guard lock(mutex_);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    std::shared_ptr<Target> target = targets_[i].lock();
    if (target == nullptr) continue;
    if (kept != i) targets_[kept] = targets_[i];
    ++kept;
    out.push_back(std::move(target));
  }
  targets_.resize(kept);
  return out;
}

void MetadataStore::visit(const std::function<void(const config::Labels&, const FamilyMetadata&)>& visitor) const {
  for (const std::shared_ptr<Target>& target : targets()) {
    for (const FamilyMetadataPtr& family : target->families()) visitor(target->labels(), *family);
  }
}

FamilyMetadataPtr MetadataStore::find(std::string_view family) const {
  for (const std::shared_ptr<Target>& target : targets()) {
    if (FamilyMetadataPtr found = target->find(family)) return found;
  }
  return nullptr;
}

FamilyMetadataPtr MetadataStore::intern(FamilyMetadata value) {
  const std::size_t hash = hash_of(value);
  const std::lock_guard lock(mutex_);
  const auto [first, last] = interned_.equal_range(hash);
  for (auto entry = first; entry != last; ++entry) {
    FamilyMetadataPtr known = entry->second.lock();
    if (known != nullptr && *known == value) return known;
  }
  if (interned_.size() >= sweep_at_) {
    for (auto entry = interned_.begin(); entry != interned_.end();) {
      entry = entry->second.expired() ? interned_.erase(entry) : std::next(entry);
    }
    sweep_at_ = std::max<std::size_t>(1024, interned_.size() * 2);
  }
  auto made = std::make_shared<const FamilyMetadata>(std::move(value));
  interned_.emplace(hash, made);
  return made;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
