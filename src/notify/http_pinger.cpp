// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/http_pinger.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>

#include "scrape/client_request.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

Result<std::string> url_of(const config::WatchdogConfig& watchdog) {
  if (watchdog.url_file.empty()) return watchdog.url.reveal();
  std::ifstream file(watchdog.url_file);
  std::string url;
  if (!std::getline(file, url)) return Error{"cannot read " + watchdog.url_file};
  while (!url.empty() && (url.back() == ' ' || url.back() == '\r')) url.pop_back();
  return url;
}

}  // namespace

std::function<void(const config::WatchdogConfig&)> http_pinger(std::shared_ptr<HttpSender> sender,
                                                               std::function<void(std::string_view)> log) {
  const auto failed = [log = std::move(log)](const std::string& name, const std::string& why) {
    if (log) log("the watchdog " + name + " could not ping: " + why);
  };
  return [sender = std::move(sender), failed](const config::WatchdogConfig& watchdog) {
    Result<std::string> url = url_of(watchdog);
    if (!url) return failed(watchdog.name, url.error().message);
    Result<net::HttpRequest> request = scrape::make_request(watchdog.http, *url);
    if (!request) return failed(watchdog.name, "its URL or http_config cannot be used");
    request->method = watchdog.method;
    request->timeout = watchdog.timeout;
    sender->send(std::move(*request), [failed, name = watchdog.name](const net::HttpResult& result) {
      if (!result) return failed(name, "no answer");
      if (result->status / 100 != 2) failed(name, "status " + std::to_string(result->status));
    });
  };
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
