// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/exposition.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

BELLWETHER_NAMESPACE_BEGIN

struct UrgentFeedOptions {
  /// The time between two looks at the urgent series: what a change waits at the most, and the length of a pulse that may be
  /// missed. It grows so far that looking takes no more than a twentieth of a core.
  std::chrono::microseconds interval{500};
  std::chrono::milliseconds heartbeat{1000};
  /// Changes that are kept for readers that are behind; who needs older ones has lost them.
  std::size_t changes_kept = 8192;
  const Clock* clock = &Clock::system();
};

/// Watches the urgent metrics of a registry (`FamilyOptions::urgent`) and tells each change as a line of Prometheus's text
/// format with its time in milliseconds. The exporter serves it at `/metrics/stream`; this is for those who have a server
/// of their own. The format and what may be missed stand in docs/push-stream.md.
///
///     UrgentFeed feed{registry};
///     UrgentFeed::Reader reader = feed.open();
///     while (reader.next(lines)) {                                // false: this reader is too far behind, cut it
///       if (!lines.empty()) send(lines);
///       else sleep_for(feed.interval());
///     }
///
/// A line appears once for each value seen. Times of one series ascend strictly: of changes within one millisecond the later
/// ones are dated a millisecond each ahead, up to a tenth of a second; beyond that values in between are left out.
///
/// Looking happens in `next`, and only when none of the readers did within the last half interval: any number of them cost one look.
/// Without readers nothing is looked at. A look is a load for each gauge and one for each counter and thread that ever counted.
///
/// Threads: the feed and its readers are of one thread. Memory: about 200 bytes a series and 32 a change that is kept. Allocation:
/// only when something changed. It may outlive neither the registry nor the clock; readers may outlive the feed.
class BELLWETHER_API UrgentFeed {
 public:
  explicit UrgentFeed(const Registry& registry, UrgentFeedOptions options = {});
  UrgentFeed(UrgentFeed&&) noexcept;
  UrgentFeed& operator=(UrgentFeed&&) noexcept;
  ~UrgentFeed();

  /// First the metadata and present value of each urgent series, then changes. All of Prometheus's readers understand
  /// `escaping`'s default; `negotiate` says what others take.
  class Reader;
  Reader open(Escaping escaping = Escaping::underscores) const;

  /// Whether there is anything to watch: some metric is urgent. From any thread.
  bool any() const noexcept;
  std::chrono::microseconds interval() const noexcept;
  std::size_t readers() const noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

class BELLWETHER_API UrgentFeed::Reader {
 public:
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  /// Replaces `lines` by what is new, whole lines of about 64 KiB together at the most; by nothing if there is nothing new.
  /// False if changes are gone that this reader has not had: it was away for too long.
  bool next(std::string& lines);

 private:
  friend class UrgentFeed;
  struct Position;
  explicit Reader(std::unique_ptr<Position> position) noexcept;
  std::unique_ptr<Position> position_;
};

BELLWETHER_NAMESPACE_END
