// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "comparison/receiver.hpp"

#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace bellwether::bench {

Receiver::Receiver() {
  std::vector<net::Route> routes;
  routes.push_back({"POST", "/hook", [this](const net::Request& request) {
                      note(std::string(request.body), Clock::now());
                      net::Response answer;
                      answer.body = "ok";
                      return answer;
                    }});
  net::HttpServerOptions options;
  options.port = 0;
  options.max_body_bytes = std::size_t{16} << 20U;
  auto server = net::HttpServer::start(std::move(options), std::move(routes));
  if (!server) throw std::runtime_error(server.error().message);
  server_ = std::move(*server);
}

void Receiver::note(const std::string& body, Clock::time_point now) {
  constexpr std::string_view label = "\"trial\":\"";
  const std::lock_guard lock(mutex_);
  for (std::size_t at = body.find(label); at != std::string::npos; at = body.find(label, at)) {
    at += label.size();
    arrivals_.emplace(body.substr(at, body.find('"', at) - at), now);
  }
  changed_.notify_all();
}

std::optional<Receiver::Clock::time_point> Receiver::arrival(const std::string& trial, Clock::duration patience) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, patience, [&] { return arrivals_.contains(trial); })) return std::nullopt;
  return arrivals_.at(trial);
}

}  // namespace bellwether::bench
