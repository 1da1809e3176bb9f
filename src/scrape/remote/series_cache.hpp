// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scrape/remote/write_encoder.hpp"
#include "storage/label_set.hpp"
#include "storage/series_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

/// Changes the labels of a series as the receiver is to see them; nothing: it is not sent. External labels come before.
using RelabelFunction = std::function<std::optional<Labels>(const Labels&)>;

/// The series of the store as a queue sends them: relabelled once, then found by reference or by labels.
///
/// Threads: one.
class SeriesCache {
 public:
  using Entry = std::shared_ptr<OutgoingSeries>;  ///< null: relabelling drops it

  /// `external` are added to series that lack them.
  SeriesCache(storage::SeriesStore& store, Labels external, RelabelFunction relabel)
      : store_(&store), external_(std::move(external)), relabel_(std::move(relabel)) {}

  Entry find(std::uint32_t ref);
  Entry find(std::span<const LabelView> labels);

  /// Forgets series without a sample since.
  void forget_before(std::int64_t time_ms);
  std::size_t size() const noexcept { return by_labels_.size(); }

 private:
  struct Slot {
    Entry entry;
    bool known = false;
  };
  Entry make(std::span<const LabelView> labels, std::string_view key) const;

  storage::SeriesStore* store_;
  Labels external_;
  RelabelFunction relabel_;
  std::vector<Slot> by_ref_;
  std::unordered_map<std::string, Entry> by_labels_;
  std::string key_;
};

}  // namespace remote
BELLWETHER_NAMESPACE_END
