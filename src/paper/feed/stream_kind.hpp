// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "paper/feed/market_event.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// The streams of a symbol that can fall silent on their own. Snapshots and splits are single messages, no stream.
enum class StreamKind : std::uint8_t { trade, book_ticker, depth, bar, quote_bar };
inline constexpr std::size_t stream_kinds = 5;

/// The stream as a label value, e.g. data_last_message_timestamp_seconds{stream="book_ticker"}.
constexpr std::string_view name(StreamKind kind) noexcept {
  constexpr std::array<std::string_view, stream_kinds> names = {"trade", "book_ticker", "depth", "bar", "quote_bar"};
  return names[static_cast<std::size_t>(kind)];
}

constexpr std::optional<StreamKind> stream_of(EventKind kind) noexcept {
  switch (kind) {
    case EventKind::trade:
      return StreamKind::trade;
    case EventKind::book_ticker:
      return StreamKind::book_ticker;
    case EventKind::depth_update:
      return StreamKind::depth;
    case EventKind::bar:
      return StreamKind::bar;
    case EventKind::quote_bar:
      return StreamKind::quote_bar;
    case EventKind::snapshot:
    case EventKind::split:
      break;
  }
  return std::nullopt;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
