// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <vector>

#include "cli/drill/runner.hpp"
#include "cli/drill/scenario.hpp"
#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli::drill {

/// A running desk, made to fail and mended over its HTTP API. Errors name the desk's answer. Blocking: up to ten seconds a call.
class DeskControl {
 public:
  /// `http` must outlive it. `token` is what the desk printed at its start.
  DeskControl(net::HttpTransport& http, std::string url, std::string token)
      : http_(http), url_(std::move(url)), token_(std::move(token)) {}

  Result<void> begin(const DeskScenario& scenario);
  Result<void> end(const DeskScenario& scenario);
  /// All faults end, latches are lifted, engines and bots run. Goes on after an error and tells all of them.
  Result<void> reset();
  /// Its /health, and the faults that are on, for people.
  Result<std::string> status();

  /// The scenario as a drill. `this` must outlive it.
  Drill drill(const DeskScenario& scenario);

 private:
  Result<std::string> ask(const std::string& method, const std::string& path, const std::string& body = {});
  Result<void> tell(const std::string& method, const std::string& path, const std::string& body = {});
  /// The member `key` of each object of the list that a path answers, where `keep` (if given) holds its value.
  Result<std::vector<std::string>> each(const std::string& path, const std::string& key,
                                        const std::string& keep_key = {}, const std::string& keep_value = {});
  Result<void> start_engines();
  Result<void> for_bots(const std::string& verb);

  net::HttpTransport& http_;
  std::string url_;
  std::string token_;
};

}  // namespace cli::drill
BELLWETHER_NAMESPACE_END
