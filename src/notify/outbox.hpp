// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "notify/notification.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// One message to one integration, rendered. Times are milliseconds since the epoch.
struct OutboxRow {
  std::uint64_t id = 0;
  std::string receiver;
  std::string integration;
  std::string group_key;
  std::string deduplication_key;
  NotificationReason reason = NotificationReason::first;
  bool urgent = false;
  std::int64_t created_ms = 0;
  std::int64_t deadline_ms = 0;    ///< given up after it
  std::int64_t not_before_ms = 0;  ///< of the next attempt
  std::uint32_t attempts = 0;      ///< begun
  std::int64_t lease_ms = 0;       ///< not 0: under way until then
  bool told_fallback = false;
  std::string error;  ///< of the last attempt
  std::string payload;
  std::shared_ptr<const std::string> notification;  ///< encoded: to tell the fallback
  std::vector<std::string> lanes;                   ///< groups; more than one in a digest

  std::uint64_t origin = 0;             ///< the row that this is a part of: what it is called outside; 0: itself
  std::vector<std::string> recipients;  ///< of those that the message names, who shall get it by this row; empty: all
  /// For those of several recipients who were put off while the others got it. It waits for what the same people wait for, and
  /// nobody else waits for it.
  bool apart = false;

  std::size_t blockers = 0;  ///< lanes in which another row goes first
};

/// Messages that wait or are under way, in lanes: those of one group to one integration go one after the other, in the order of
/// their ids. A row of several lanes goes when it is the first in all of them. An urgent row makes all before it urgent, so that it
/// need not wait for their pauses. Rows apart have lanes of their own: of a group and one recipient. Threads: one at a time.
class Outbox {
 public:
  /// Rows of one integration that may go, by urgency and age; and those that may later.
  struct Queue {
    std::set<std::pair<bool, std::uint64_t>> ready;          ///< (not urgent, id)
    std::set<std::pair<std::int64_t, std::uint64_t>> later;  ///< (not before, id)
  };
  using Address = std::pair<std::string, std::string>;  ///< receiver, integration

  /// New ids are greater than this.
  void begin_ids_at(std::uint64_t id) noexcept { next_id_ = std::max(next_id_, id); }
  /// Takes a new row (id 0) or one of the file.
  OutboxRow& add(OutboxRow row);
  OutboxRow* find(std::uint64_t id);
  /// Delivered or dead: the next ones of its lanes may go.
  void finish(std::uint64_t id);
  /// It was picked from `ready`.
  void begin(OutboxRow& row, std::int64_t lease_ms);
  /// The attempt failed: again, not before.
  void retry(OutboxRow& row, std::int64_t not_before_ms);
  /// A new row for some of a row's recipients, of whom the others had an answer.
  OutboxRow& set_apart(const OutboxRow& row, std::vector<std::string> recipients);
  /// A row that only these are left of, who are among its recipients. Not for none.
  void narrow(OutboxRow& row, std::vector<std::string> recipients);
  /// Whether a row apart holds something for that recipient that goes before this row.
  bool behind(const OutboxRow& row, const std::string& recipient) const;
  bool any_apart() const noexcept { return apart_ > 0; }
  /// Whether something waits in that lane, not counting what is under way, nor rows apart.
  bool waiting(const Address& address, const std::string& lane) const;

  /// Moves what has become due to `ready`.
  Queue& queue(const Address& address, std::int64_t now_ms);
  std::map<Address, Queue>& queues() noexcept { return queues_; }
  const std::map<std::uint64_t, OutboxRow>& rows() const noexcept { return rows_; }

  std::set<std::uint64_t> added;    ///< since the last save
  std::set<std::uint64_t> changed;  ///< since the last save, not by adding
  std::set<std::uint64_t> removed;  ///< since the last save

 private:
  using Lane = std::tuple<Address, std::string, std::string>;  // the last: the recipient of a row apart
  static std::vector<Lane> lanes_of(const OutboxRow& row);
  void leave(std::uint64_t id, const Lane& lane);
  void schedule(const OutboxRow& row);
  void unschedule(const OutboxRow& row);
  void hurry(const std::vector<Lane>& lanes);

  std::uint64_t next_id_ = 1;
  std::size_t apart_ = 0;
  std::map<std::uint64_t, OutboxRow> rows_;
  std::map<Lane, std::deque<std::uint64_t>> lanes_;
  std::map<Address, Queue> queues_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
