// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// What waits for one client of a live stream: bounded, filled by any thread, emptied by one. The emptier is woken once,
/// and again only after it has looked.
///
/// Threads: all functions, any. Nothing blocks but a mutex that is held for a few instructions.
class LiveQueue {
 public:
  using Message = std::shared_ptr<const std::string>;

  enum class Overflow : std::uint8_t {
    drop_oldest,
    give_up,  ///< everything is dropped, and nothing more is taken
  };

  LiveQueue(std::size_t max_messages, std::size_t max_bytes, Overflow overflow)
      : max_messages_(max_messages), max_bytes_(max_bytes), overflow_(overflow) {}

  struct Pushed {
    bool wake = false;          ///< the emptier must be woken
    std::uint64_t dropped = 0;  ///< messages that are lost by this one, itself included
    bool has_given_up = false;  ///< with this message
  };
  Pushed push(const Message& message);

  /// Nothing more comes. True when the emptier must be woken.
  bool end();

  struct Next {
    Message message;            ///< null: none
    std::uint64_t dropped = 0;  ///< before `message`, since the last look
    bool has_given_up = false;
    bool has_ended = false;
  };
  /// With `dropped` not 0 no message is taken out: the next look has it.
  Next next();

 private:
  bool take_wake() { return !std::exchange(woken_, true); }

  const std::size_t max_messages_;
  const std::size_t max_bytes_;
  const Overflow overflow_;

  std::mutex mutex_;
  std::deque<Message> messages_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  bool woken_ = false;
  bool has_given_up_ = false;
  bool has_ended_ = false;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
