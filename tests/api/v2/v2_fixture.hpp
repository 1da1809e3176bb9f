// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "api/v2/v2_routes.hpp"
#include "net/request_target.hpp"
#include "net/router.hpp"
#include "notify/signed_link.hpp"
#include "notify/silences.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// 2026-11-21T12:00:00Z
inline constexpr std::int64_t noon = 1'795'262'400'000;

/// API v2 with a notifier that only remembers; its silences are the real ones.
class V2Test : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(::testing::TempDir()) /
                 ("bellwether_v2_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    silences_ = open_silences();
    V2Sources sources;
    sources.post = [this](std::span<const rules::Alert> alerts) { return take(alerts); };
    sources.alerts = [this] { return alerts_; };
    sources.groups = [this] { return groups_; };
    sources.acknowledge = [this](const notify::Acknowledgement& one) { return acknowledge(one); };
    sources.heartbeat = [this](std::string_view name) { return beat(name); };
    sources.silences = silences_.get();
    sources.links = &links_;
    sources.receivers = [] { return std::vector<std::string>{"default", "fx"}; };
    sources.config_yaml = [] { return std::string("route:\n  receiver: \"default\"\n"); };
    sources.external_url = "https://monitor.example/bell";
    sources.clock = &clock_;
    router_ = std::make_unique<net::Router>(net::Router::build(v2_routes(std::move(sources)).value()).value());
  }
  void TearDown() override {
    silences_.reset();
    std::filesystem::remove_all(directory_);
  }

  std::unique_ptr<notify::Silences> open_silences() {
    const std::string path = (directory_ / "alerts.sqlite").string();
    return notify::Silences::open({.path = path, .clock = clock_, .vfs = {}, .on_change = {}}).value();
  }
  Result<void> take(std::span<const rules::Alert> alerts) {
    if (!store_fault_.empty()) return Error{store_fault_};
    posted_.insert(posted_.end(), alerts.begin(), alerts.end());
    return {};
  }
  Result<void> acknowledge(const notify::Acknowledgement& one) {
    acknowledged_.push_back(one);
    return {};
  }

  Result<void> beat(std::string_view name) {
    if (name != "nightly") return Error{"no heartbeat of that name is expected"};
    ++beats_;
    return {};
  }

  net::Response ask(const std::string& method, const std::string& target, const std::string& body = {},
                    std::vector<net::Field> headers = {}) {
    const auto parsed = net::parse_request_target(target);
    EXPECT_TRUE(parsed) << target;
    const auto match = router_->find(method, parsed->segments);
    if (match.handler == nullptr) return net::Response::text(404, "no route");
    net::Request request;
    request.method = method;
    request.path = target.substr(0, target.find('?'));
    request.query = target.find('?') == std::string::npos ? "" : target.substr(target.find('?') + 1);
    request.parameters = match.parameters;
    request.headers = std::move(headers);
    request.body = body;
    return (*match.handler)(request);
  }
  net::Response post(const std::string& target, const std::string& body, std::vector<net::Field> headers = {}) {
    headers.emplace_back("Content-Type", "application/json");
    return ask("POST", target, body, std::move(headers));
  }
  static std::string text(const net::Response& response) {
    std::string out = std::to_string(response.status) + ' ' + std::get<std::string>(response.body);
    while (out.ends_with('\n') || out.ends_with(' ')) out.pop_back();
    return out;
  }

  notify::AlertView& add(rules::AlertLabels labels, std::vector<std::string> receivers = {"default"}) {
    notify::AlertView view;
    view.alert.labels = std::move(labels);
    view.alert.starts_ms = noon - 60'000;
    view.alert.ends_ms = noon + 60'000;
    view.alert.updated_ms = noon;
    view.fingerprint = rules::fingerprint_text(view.alert.labels);
    view.receivers = std::move(receivers);
    alerts_.push_back(std::move(view));
    return alerts_.back();
  }
  /// How many alerts a question gives.
  std::size_t count(const std::string& target) {
    const std::string body = text(ask("GET", target));
    EXPECT_TRUE(body.starts_with("200 ")) << body;
    std::size_t found = 0;
    for (std::size_t at = body.find("fingerprint"); at != std::string::npos; at = body.find("fingerprint", at + 1))
      ++found;
    return found;
  }

  ManualClock clock_{std::chrono::milliseconds{noon}};
  std::filesystem::path directory_;
  std::unique_ptr<notify::Silences> silences_;
  notify::LinkSigner links_{std::string(32, 'k')};
  std::unique_ptr<net::Router> router_;
  std::vector<rules::Alert> posted_;
  std::string store_fault_;
  std::vector<notify::AlertView> alerts_;
  std::vector<notify::GroupView> groups_;
  std::vector<notify::Acknowledgement> acknowledged_;
  int beats_ = 0;
};

}  // namespace api
BELLWETHER_NAMESPACE_END
