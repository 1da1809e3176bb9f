// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "paper/feed/input_faults.hpp"
#include "paper/feed/market_source.hpp"

namespace bellwether::paper {

/// A directory of the test's own, removed at its end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "bellwether-paper-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string path() const { return path_.string(); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline void write_gzip(const std::string& path, const std::string& text, const char* mode = "wb") {
  gzFile file = gzopen(path.c_str(), mode);
  ASSERT_NE(file, nullptr);
  ASSERT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())), static_cast<int>(text.size()));
  ASSERT_EQ(gzclose(file), Z_OK);
}

/// Recorded lines as Binance sends them.
inline std::string trade_line(SimTime local_time, std::int64_t id, const std::string& symbol = "BTCUSDT") {
  return std::to_string(local_time) + R"( {"stream":"x@trade","data":{"e":"trade","E":)" +
         std::to_string(local_time / nanoseconds_per_millisecond - 5) + R"(,"s":")" + symbol + R"(","t":)" +
         std::to_string(id) + R"(,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}})" + "\n";
}

inline MarketEvent trade(SimTime local_time, std::int64_t id, double price = 100, SymbolIndex symbol = 0) {
  MarketEvent event;
  event.kind = EventKind::trade;
  event.symbol = symbol;
  event.local_time = local_time;
  event.first_id = event.last_id = id;
  event.price = price;
  event.quantity = 1;
  return event;
}

inline MarketEvent quote(SimTime local_time, std::int64_t id, double bid, double ask, SymbolIndex symbol = 0) {
  MarketEvent event;
  event.kind = EventKind::book_ticker;
  event.symbol = symbol;
  event.local_time = local_time;
  event.first_id = event.last_id = id;
  event.bid = bid;
  event.ask = ask;
  event.bid_quantity = event.ask_quantity = 1;
  return event;
}

inline MarketEvent depth(SimTime local_time, std::int64_t first, std::int64_t last, std::int64_t previous = 0) {
  MarketEvent event;
  event.kind = EventKind::depth_update;
  event.local_time = local_time;
  event.first_id = first;
  event.last_id = last;
  event.previous_last_id = previous;
  return event;
}

/// Plays a list.
class ListSource final : public MarketSource {
 public:
  explicit ListSource(std::vector<MarketEvent> events) : events_(std::move(events)) {}
  bool next(MarketEvent& event) override {
    if (next_ == events_.size()) return false;
    event = events_[next_++];
    return true;
  }

 private:
  std::vector<MarketEvent> events_;
  std::size_t next_ = 0;
};

inline MarketSourcePointer list_of(std::vector<MarketEvent> events) {
  return std::make_unique<ListSource>(std::move(events));
}

/// The recorded Binance ticks, where this machine has them.
inline std::optional<std::string> recorded_ticks() {
  const char* const named = std::getenv("BELLWETHER_DATA");
  const std::string path = named != nullptr && *named != '\0'
                               ? named
                               : std::string{BELLWETHER_SOURCE_DIR} + "/../shared/data/binance_ticks_20240808";
  if (!std::filesystem::is_directory(path)) return std::nullopt;
  return path;
}

}  // namespace bellwether::paper
