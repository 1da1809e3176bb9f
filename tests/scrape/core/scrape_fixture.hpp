// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/exposition.hpp>
#include <bellwether/metrics.hpp>
#include <cmath>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "scrape/scrape_manager.hpp"
#include "storage/byte_stream.hpp"
#include "storage/store_fixture.hpp"

namespace bellwether::scrape {

/// Answers by URL, in no time; or keeps the question until told.
class FakeFetcher final : public Fetcher {
 public:
  class Line final : public FetchLine {
   public:
    Line(FakeFetcher& fetcher, std::string url) : fetcher_(fetcher), url_(std::move(url)) {}
    void start(Done done) override { fetcher_.ask(url_, std::move(done)); }

   private:
    FakeFetcher& fetcher_;
    std::string url_;
  };

  Result<std::unique_ptr<FetchLine>> open(net::HttpRequest request) override {
    const std::string url = request.url;
    requests[url] = std::move(request);
    return std::unique_ptr<FetchLine>(std::make_unique<Line>(*this, url));
  }

  void answer(const std::string& url, std::string body, std::string type = "text/plain; version=0.0.4") {
    net::HttpResponse response;
    response.status = 200;
    response.headers = {{"Content-Type", std::move(type)}, {"X-Seen", "yes"}};
    response.body = std::move(body);
    answers.insert_or_assign(url, response);
    errors.erase(url);
  }
  void fail(const std::string& url, net::HttpErrorKind kind = net::HttpErrorKind::connect) {
    errors.insert_or_assign(url, net::HttpError{kind, url + ": nobody there"});
  }
  void hang(const std::string& url) { hanging[url] = {}; }
  void release(const std::string& url) {
    std::vector<FetchLine::Done> waiting = std::move(hanging[url]);
    hanging.erase(url);
    for (FetchLine::Done& done : waiting) ask(url, std::move(done));
  }

  std::map<std::string, net::HttpRequest> requests;
  std::map<std::string, int> asked;

 private:
  void ask(const std::string& url, FetchLine::Done done) {
    ++asked[url];
    if (const auto waiting = hanging.find(url); waiting != hanging.end()) {
      waiting->second.push_back(std::move(done));
    } else if (const auto error = errors.find(url); error != errors.end()) {
      done(error->second);
    } else if (const auto found = answers.find(url); found != answers.end()) {
      done(found->second);
    } else {
      done(net::HttpError{net::HttpErrorKind::connect, url + ": nobody there"});
    }
  }

  std::map<std::string, net::HttpResponse> answers;
  std::map<std::string, net::HttpError> errors;
  std::map<std::string, std::vector<FetchLine::Done>> hanging;
};

/// A manager without threads over a store without threads; time passes when the test says so.
class ScrapeTest : public storage::StoreTest {
 protected:
  static constexpr const char* a_url = "http://a:1/metrics";
  static constexpr const char* b_url = "http://b:1/metrics";
  static constexpr std::int64_t stale = -1;  // stands for a marker in what `samples` gives

  void SetUp() override {
    StoreTest::SetUp();
    open();
  }
  void TearDown() override {
    manager.reset();
    StoreTest::TearDown();
  }

  ScrapeOptions manager_options() {
    ScrapeOptions out;
    out.clock = &clock;
    out.registry = &registry;
    out.log = [this](std::string_view message) { messages.emplace_back(message); };
    out.ingestion_threads = 0;
    out.fetcher = &fetcher;
    return out;
  }
  void start() { manager = std::make_unique<ScrapeManager>(*store, manager_options()); }

  static std::string job(const std::string& extra = "", const std::string& targets = "[a:1]") {
    return "scrape_configs:\n- job_name: desk\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  static_configs:\n  - "
           "targets: " +
           targets + "\n" + extra;
  }
  Result<void> apply(const std::string& yaml) {
    const auto config = config::parse_prometheus_config(yaml, "prometheus.yml");
    if (!config) return config.error();
    return manager->apply(*config);
  }
  void configure(const std::string& yaml) {
    if (manager == nullptr) start();
    const auto applied = apply(yaml);
    ASSERT_TRUE(applied) << applied.error().message;
  }

  /// Goes from one due scrape to the next, for this long.
  void pass(std::chrono::milliseconds time) {
    const std::chrono::nanoseconds end = clock.monotonic() + time;
    for (;;) {
      const auto next = manager->run_due();
      if (!next || *next > end) break;
      clock.advance(*next - clock.monotonic());
    }
    clock.advance(end - clock.monotonic());
    (void)manager->run_due();
  }
  void one_scrape() { pass(std::chrono::seconds{1}); }

  /// Values of the one series with this name; markers as `stale`.
  std::vector<double> values(const std::string& name, const std::string& label = "", const std::string& value = "") {
    auto matchers = named(name);
    if (!label.empty()) {
      matchers.push_back(storage::Matcher::make(storage::MatchType::equal, label, value).value());
    }
    storage::Selection found = store->querier().select(matchers, INT64_MIN / 2, INT64_MAX / 2);
    EXPECT_LE(found.size(), 1U) << name;
    std::vector<double> out;
    if (found.size() == 0) return out;
    storage::FloatColumns rows;
    found.read(0, rows);
    for (const double v : rows.values) out.push_back(storage::is_stale(v) ? stale : v);
    return out;
  }
  std::vector<std::int64_t> times(const std::string& name) {
    std::vector<std::int64_t> out;
    for (const auto& [time, bits] : read(name)) out.push_back(time);
    return out;
  }
  std::vector<std::string> series(const std::string& name) {
    storage::Selection found = store->querier().select(named(name), INT64_MIN / 2, INT64_MAX / 2);
    std::vector<std::string> out;
    for (std::size_t i = 0; i < found.size(); ++i) out.push_back(storage::to_string(found.labels(i)));
    return out;
  }
  double last(const std::string& name) {
    const auto all = values(name);
    return all.empty() ? std::nan("") : all.back();
  }
  bool counts(const std::string& line) { return render(registry).find(line) != std::string::npos; }
  std::string error() {
    const TargetStates states = manager->targets();
    return states.active.empty() ? "no target" : states.active.front().last_error;
  }

  Registry registry;
  FakeFetcher fetcher;
  std::unique_ptr<ScrapeManager> manager;
};

}  // namespace bellwether::scrape
