// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <functional>

#include "paper/feed/market_source.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

/// Plays a recording again and again. Each round is moved on by whole days, so that simulated time never goes back
/// and a recording over midnight crosses one midnight a round. The first event of a round after the first has
/// `restart` set: its ids do not follow from the event before, and that is no gap.
///
/// Ends only when a round holds no event at all.
class LoopingSource final : public MarketSource {
 public:
  using Open = std::function<MarketSourcePointer()>;

  explicit LoopingSource(Open open);

  bool next(MarketEvent& event) override;

  std::uint64_t rounds() const noexcept { return rounds_; }  ///< how many have been begun

 private:
  bool begin_round(MarketEvent& event);
  void shift(MarketEvent& event) noexcept;

  Open open_;
  MarketSourcePointer round_;
  std::uint64_t rounds_ = 0;
  SimTime offset_ = 0;
  SimTime first_of_recording_ = 0;
  SimTime last_of_recording_ = 0;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
