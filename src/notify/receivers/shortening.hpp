// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstddef>
#include <functional>
#include <string>

#include "notify/notification.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// How much of a notification a message holds. Channels have limits; what is shortened is what is said, never the markup that
/// says it, so that no tag, entity or escape is ever cut.
struct Detail {
  std::size_t alerts = 0;      ///< at most that many are spelled out; the rest is counted
  std::size_t annotation = 0;  ///< code points of an annotation's value
  std::size_t label = 0;       ///< code points of a label's value
};

/// From all to next to nothing. `level` beyond the last gives the last.
Detail detail_at(std::size_t level) noexcept;
std::size_t detail_levels() noexcept;

/// The notification with that much detail; what is left out is added to `truncated_alerts`. Group labels are shortened too.
Notification shortened(const Notification& notification, const Detail& detail);

/// Renders with less and less detail until `fits`. The last attempt is given back even where it does not fit: the channel then
/// decides (a plain text, cut). Errors are those of `render`.
Result<std::string> render_within(const Notification& notification,
                                  const std::function<Result<std::string>(const Notification&)>& render,
                                  const std::function<bool(const std::string&)>& fits);

}  // namespace notify
BELLWETHER_NAMESPACE_END
