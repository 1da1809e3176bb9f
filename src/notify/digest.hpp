// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "config/alertmanager/notifier_extensions.hpp"
#include "notify/alert_book.hpp"
#include "notify/notification.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// A notification that waits to become part of a digest.
struct HeldNotification {
  std::uint64_t id = 0;
  std::string lane;
  std::shared_ptr<const std::string> notification;  ///< encoded
};

/// Keeps a storm from one integration: so many messages in a window go one by one, what comes after that waits for the window's end
/// and becomes one message about all of it. A group of which something waits waits wholly: its messages keep their order.
/// Threads: one at a time.
class DigestWindow {
 public:
  /// Whether a message of that group must wait. If not, it counts.
  bool must_hold(const config::DigestConfig& config, const std::string& lane, std::int64_t now_ms);
  void hold(HeldNotification held, std::int64_t window_end_ms);

  bool empty() const noexcept { return held_.empty(); }
  std::size_t size() const noexcept { return held_.size(); }
  std::int64_t due_ms() const noexcept { return ends_ms_; }
  /// Of the window that is open.
  std::vector<HeldNotification> take(const config::DigestConfig& config, std::int64_t now_ms);
  const std::vector<HeldNotification>& held() const noexcept { return held_; }

 private:
  std::int64_t ends_ms_ = 0;
  std::uint64_t count_ = 0;
  std::vector<HeldNotification> held_;
  std::set<std::string> lanes_;
};

/// One notification about all that was held, each alert once and as it stands now.
Notification digest_of(const std::vector<HeldNotification>& held, AlertBook& alerts, const std::string& receiver,
                       const std::string& key, std::int64_t now_ms);

}  // namespace notify
BELLWETHER_NAMESPACE_END
