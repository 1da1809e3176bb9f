// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <span>

#include "storage/log_batch.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// A commit as it became visible: only samples that the store took and did not have before. Good during the call.
struct ObservedCommit {
  std::uint64_t number = 0;  ///< ascending; `Selection::commit()` says which commits a selection holds
  std::span<const LoggedFloat> floats;
  std::span<const LoggedHistogram> histograms;
  bool late = false;  ///< a sample among them is older than its series' newest was
};

/// Is told of every commit, in their order: for what follows the store, such as remote write.
///
///     struct Counting final : CommitObserver {
///       void committed(const ObservedCommit& commit) noexcept override { samples += commit.floats.size(); }
///     };
///     store.add_observer(counting);      // and remove_observer before its end
///
/// Threads: the call comes under the writer's mutex, from whatever thread commits: copy what is needed and return; it must
/// not call the store. What a start reads from the disk is not told.
class CommitObserver {
 public:
  virtual ~CommitObserver() = default;
  virtual void committed(const ObservedCommit& commit) noexcept = 0;
};

}  // namespace storage
BELLWETHER_NAMESPACE_END
