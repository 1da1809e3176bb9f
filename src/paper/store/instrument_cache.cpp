// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/instrument_cache.hpp"

#include <algorithm>
#include <charconv>
#include <exception>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

// In the store a value stands behind the wall time in nanoseconds until which it is good: "1723161254000000000:value".

InstrumentCache::InstrumentCache(Loader loader, StateStore* store, StateWriter* writer, InstrumentCacheOptions options)
    : loader_(std::move(loader)), store_(store), writer_(writer), options_(std::move(options)) {}

Result<InstrumentCache::Value> InstrumentCache::get(std::string_view key) {
  if (Value found = find_in_process(key)) {
    tell("L1", true);
    return found;
  }
  tell("L1", false);
  if (store_ != nullptr) {
    std::chrono::nanoseconds good_for{0};
    Value found = find_in_store(key, good_for);
    tell("L2", found != nullptr);
    if (found != nullptr) {
      keep(key, found, std::min(options_.l1_ttl, good_for));
      return found;
    }
  }
  Result<std::string> loaded = [&]() -> Result<std::string> {
    try {
      return loader_(key);
    } catch (const std::exception& thrown) {
      return Error{"cannot load '" + std::string(key) + "': " + thrown.what()};
    }
  }();
  if (!loaded) return loaded.error();
  if (writer_ != nullptr && options_.l2_ttl.count() > 0) {
    const std::chrono::nanoseconds good_until = options_.clock->wall() + options_.l2_ttl;
    writer_->set(options_.key_prefix + std::string(key), std::to_string(good_until.count()) + ":" + *loaded);
  }
  Value value = std::make_shared<const std::string>(*std::move(loaded));
  keep(key, value, options_.l1_ttl);
  return value;
}

InstrumentCache::Value InstrumentCache::find_in_process(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  const auto entry = found->second;
  if (options_.clock->monotonic() >= entry->good_until) {
    index_.erase(found);
    entries_.erase(entry);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->value;
}

InstrumentCache::Value InstrumentCache::find_in_store(std::string_view key, std::chrono::nanoseconds& good_for) {
  if (!store_->allows()) return nullptr;
  Result<std::optional<std::string>> found = store_->get(options_.key_prefix + std::string(key));
  if (!found || !*found) return nullptr;
  const std::string& text = **found;
  std::int64_t good_until = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), good_until);
  if (error != std::errc() || end == text.data() + text.size() || *end != ':') return nullptr;
  // A time that lies further ahead than any we write was written by a clock that runs wrong, or by somebody else.
  const std::int64_t left = good_until - options_.clock->wall().count();
  if (good_until < 0 || left <= 0 || left > options_.l2_ttl.count()) return nullptr;
  good_for = std::chrono::nanoseconds{left};
  return std::make_shared<const std::string>(end + 1, text.data() + text.size());
}

void InstrumentCache::keep(std::string_view key, Value value, std::chrono::nanoseconds good_for) {
  if (options_.max_entries == 0 || good_for.count() <= 0) return;
  const std::lock_guard lock(mutex_);
  const std::chrono::nanoseconds good_until = options_.clock->monotonic() + good_for;
  if (const auto found = index_.find(key); found != index_.end()) {
    found->second->value = std::move(value);
    found->second->good_until = good_until;
    entries_.splice(entries_.begin(), entries_, found->second);
    return;
  }
  if (entries_.size() >= options_.max_entries) {
    index_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({std::string(key), std::move(value), good_until});
  index_.emplace(entries_.front().key, entries_.begin());
}

void InstrumentCache::invalidate(std::string_view key) {
  if (writer_ != nullptr) writer_->erase(options_.key_prefix + std::string(key));
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(key);
  if (found == index_.end()) return;
  const auto entry = found->second;
  index_.erase(found);
  entries_.erase(entry);
}

std::size_t InstrumentCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

void InstrumentCache::tell(std::string_view level, bool hit) const {
  if (options_.observer == nullptr) return;
  hit ? options_.observer->on_cache_hit(level) : options_.observer->on_cache_miss(level);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
