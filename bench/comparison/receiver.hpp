// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "net/http_server.hpp"

namespace bellwether::bench {

/// Where alerts arrive: a webhook on the loopback that knows each alert by its label `trial`, and when it came first.
class Receiver {
 public:
  using Clock = std::chrono::steady_clock;

  Receiver();

  /// http://127.0.0.1:…/hook
  std::string url() const { return server_->url() + "/hook"; }
  /// Waits; nothing when it does not come in time.
  std::optional<Clock::time_point> arrival(const std::string& trial, Clock::duration patience);

 private:
  void note(const std::string& body, Clock::time_point now);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Clock::time_point> arrivals_;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace bellwether::bench
