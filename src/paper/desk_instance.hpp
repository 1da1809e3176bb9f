// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/registry.hpp>
#include <bellwether/result.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "paper/desk.hpp"
#include "paper/feed/market.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {
class HttpServer;
}
namespace paper {

struct DeskInstanceOptions {
  std::string name =
      "desk";  ///< which of several: in keys of the state store, runs of the journal, the kill switch's account
  std::string directory;      ///< for the kill switch and the embedded stores; made if it is not there
  std::string state_url;      ///< redis://…; empty: embedded, in the directory
  std::string journal_url;    ///< postgresql://…; empty: SQLite, in the directory
  std::string token;          ///< what state-changing calls must show
  std::uint16_t port = 8000;  ///< on 127.0.0.1; 0: any free one
  std::optional<double> speed = 1.0;
  std::uint64_t seed = 1;  ///< of the venue's chance
};

/// A desk with all that belongs to it: packs on a registry, state store and journal behind breakers, kill switch, providers, health
/// checks, the HTTP API with its WebSocket, and the thread that runs it.
///
///     auto desk = DeskInstance::start(open_market({.profile = Profile::generated}).value(), options, log);
///     if (!desk) return fail(desk.error().message);
///     while (going_on()) (*desk)->tick();          // about once a second
///     (*desk)->stop();
///
/// Threads: one, but for `desk()`, which says its own. Errors of `start`: a directory that cannot be made, URLs that are none, a port
/// in use. A Redis or PostgreSQL that is away is none: the desk goes on without it, and says so in /health.
class DeskInstance {
 public:
  using Tell = std::function<void(const std::string& text)>;

  static Result<std::unique_ptr<DeskInstance>> start(Market market, DeskInstanceOptions options, Tell tell = {});
  ~DeskInstance();

  Desk& desk() noexcept;
  const Registry& registry() const noexcept;
  const net::HttpServer& server() const noexcept;

  bool running() const noexcept;  ///< false when the market has ended or the desk's thread has failed
  bool failed() const noexcept;

  /// What is looked at rather than told: the machine, queues, clients.
  void tick();

  /// Ends the server, the desk, then the writers, which get a moment for what waits.
  void stop();

 private:
  struct Parts;
  explicit DeskInstance(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
