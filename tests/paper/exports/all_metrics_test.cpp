// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// A whole desk with all packs, on the generator and on recorded days: every metric of the table is there, has its labels, and
// moves when it should; `promtool check metrics` blames only names that are the documents' own.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "exposition/parsed_metrics.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "paper/desk_instance.hpp"
#include "paper/exports/metric_table.hpp"
#include "paper/market_fixtures.hpp"

namespace bellwether::paper {
namespace {

using namespace std::chrono_literals;
constexpr const char* token = "0123456789abcdef";

/// What was seen of one metric over all scrapes.
struct Seen {
  std::set<std::string> labels;
  std::map<std::string, std::pair<double, double>> range;  ///< by series: least and most
  bool finite = true;

  bool moved() const {
    return std::any_of(range.begin(), range.end(),
                       [](const auto& each) { return each.second.first != each.second.second; });
  }
  bool counted() const {
    return std::any_of(range.begin(), range.end(), [](const auto& each) { return each.second.second > 0; });
  }
};

class RunningDesk {
 public:
  RunningDesk(Market market, std::optional<double> speed) {
    DeskInstanceOptions options;
    options.directory = directory_.path();
    options.token = token;
    options.port = 0;
    options.speed = speed;
    auto started = DeskInstance::start(std::move(market), options);
    if (!started) throw std::runtime_error(started.error().message);
    instance = std::move(*started);
    url = instance->server().url();
  }

  net::HttpResponse ask(const std::string& method, const std::string& path, std::string body = {}) {
    net::HttpRequest request;
    request.method = method;
    request.url = url + path;
    request.body = std::move(body);
    request.auth = net::BearerToken{token};
    auto result = client_.send(request);
    if (!result) throw std::runtime_error(path + ": " + result.error().message);
    return *result;
  }

  void scrape() {
    instance->tick();
    const net::HttpResponse response = ask("GET", "/metrics");
    text = response.body;
    const auto parsed = exposition::parse_exposition(std::string{response.header("content-type")}, text);
    if (!parsed) throw std::runtime_error(parsed.error().message);
    for (const auto& family : parsed->families) {
      for (const auto& sample : family.samples) note(family.name, sample);
    }
  }

  /// Scrapes until the condition holds; a test that waits too long fails.
  void until(const std::string& what, const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + 90s;
    do {
      scrape();
      if (holds()) return;
      std::this_thread::sleep_for(20ms);
    } while (std::chrono::steady_clock::now() < deadline);
    ADD_FAILURE() << "gave up waiting: " << what;
  }
  bool counted(const std::string& name) const {
    const auto found = seen.find(name);
    return found != seen.end() && found->second.counted();
  }
  bool moved(const std::string& name) const {
    const auto found = seen.find(name);
    return found != seen.end() && found->second.moved();
  }

  std::unique_ptr<DeskInstance> instance;
  std::string url;
  std::string text;
  std::map<std::string, Seen> seen;

 private:
  void note(const std::string& family, const exposition::ParsedSample& sample) {
    // Of a histogram the count tells all.
    const bool bucket = sample.name == family + "_bucket" || sample.name == family + "_sum";
    Seen& of = seen[family];
    std::string series;
    for (const auto& label : sample.labels) {
      if (label.name == "le") continue;
      of.labels.insert(label.name);
      series += label.name + '=' + label.value + ',';
    }
    if (bucket) return;
    if (sample.histogram) return;
    of.finite = of.finite && std::isfinite(sample.value);
    const auto [range, first] = of.range.try_emplace(series, sample.value, sample.value);
    if (first) return;
    range->second.first = std::min(range->second.first, sample.value);
    range->second.second = std::max(range->second.second, sample.value);
  }

  TemporaryDirectory directory_;
  net::HttpClient client_;
};

/// A client of the live events that stays until it is destroyed.
class LiveClient {
 public:
  explicit LiveClient(std::uint16_t port) : socket_(context_) {
    boost::asio::ip::tcp::resolver resolver{context_};
    boost::asio::connect(socket_.next_layer(), resolver.resolve("127.0.0.1", std::to_string(port)));
    socket_.handshake("127.0.0.1:" + std::to_string(port), "/ws/general");
  }
  std::string next() {
    boost::beast::flat_buffer buffer;
    socket_.read(buffer);
    return boost::beast::buffers_to_string(buffer.data());
  }

 private:
  boost::asio::io_context context_;
  boost::beast::websocket::stream<boost::asio::ip::tcp::socket> socket_;
};

std::set<std::string> split(std::string_view text) {
  std::set<std::string> parts;
  std::istringstream stream{std::string{text}};
  for (std::string part; std::getline(stream, part, ',');) parts.insert(part);
  return parts;
}

void check_rows(const RunningDesk& desk, const std::function<bool(const MetricRow&)>& chosen) {
  for (const MetricRow& row : metric_table()) {
    if (!chosen(row)) continue;
    // A counter's family is named without its suffix in OpenMetrics, with it in the text format.
    const auto found = desk.seen.find(std::string{row.name});
    if (found == desk.seen.end()) {
      ADD_FAILURE() << row.id << ' ' << row.name << " is not there";
      continue;
    }
    EXPECT_EQ(found->second.labels, split(row.labels)) << row.id << ' ' << row.name;
    EXPECT_TRUE(found->second.finite) << row.id << ' ' << row.name;
    if (row.moves == Moves::level) continue;
    EXPECT_TRUE(found->second.moved()) << row.id << ' ' << row.name << " has not moved";
  }
}

void suffer_every_fault(RunningDesk& desk) {
  const auto begin = [&](const std::string& fault, const std::string& body = "{}") {
    EXPECT_EQ(desk.ask("POST", "/faults/" + fault, body).status, 200) << fault;
  };
  const auto end = [&](const std::string& fault) {
    EXPECT_EQ(desk.ask("DELETE", "/faults/" + fault).status, 200) << fault;
  };
  begin("provider_failure");
  begin("reject");
  desk.until("the venue refuses an order",
             [&] { return desk.text.find("orders_rejected_by_reason_total{reason=\"venue\"}") != std::string::npos; });
  end("reject");
  begin("disconnect");
  desk.until("the connection is seen to be down",
             [&] { return desk.moved("algo_trade_ibkr_connected") && desk.moved("peak_health_check_status"); });
  end("disconnect");
  desk.until("it is back", [&] { return desk.counted("algo_trade_ibkr_reconnections_total"); });
  begin("pacing");
  begin("bad_data", R"({"seconds":1})");
  begin("slow", R"({"symbol":"BTCUSDT","seconds":1})");
  begin("leak", R"({"seconds":1})");
  begin("stall", R"({"symbol":"ETHUSDT","seconds":1})");
  begin("lost_fill");
  desk.until("a lost fill is a break", [&] { return desk.moved("reconciliation_breaks"); });
  end("lost_fill");
  begin("crash", R"({"symbol":"BTCUSDT"})");
  desk.until("the crash is counted", [&] { return desk.moved("levi_engine_errors_total"); });
  EXPECT_EQ(desk.ask("POST", "/engines/BTCUSDT/start").status, 200);
  desk.until("a breaker has opened", [&] { return desk.counted("circuit_breaker_trips_total"); });
  desk.until("calls are refused by it", [&] { return desk.counted("circuit_breaker_rejected_calls_total"); });
  desk.until("the providers' failures are counted", [&] { return desk.counted("api_rate_limits_total"); });
  end("provider_failure");
  EXPECT_EQ(desk.ask("POST", "/api/v1/bots/bot-ETHUSDT/pause").status, 200);
  desk.until("a bot is paused", [&] { return desk.moved("trading_bots_active_total"); });
  EXPECT_EQ(desk.ask("POST", "/api/v1/bots/bot-ETHUSDT/resume").status, 200);
  EXPECT_EQ(desk.ask("POST", "/api/v1/risk/kill-switches/trip", R"({"reason":"drill"})").status, 200);
  desk.until("the stop shows", [&] { return desk.moved("levi_global_stop"); });
  desk.until("all is flat", [&] { return desk.counted("kill_switch_cancel_latency_seconds"); });
  EXPECT_EQ(desk.ask("POST", "/api/v1/risk/kill-switches/reset", R"({"reason":"drill over"})").status, 200);
  desk.until("the reset is counted", [&] { return desk.counted("kill_switch_resets_total"); });
}

TEST(AllMetrics, EachIsThereAndMovesOnTheGenerator) {
  RunningDesk desk{open_generated_market({"BTCUSDT", "ETHUSDT"}, 5), std::nullopt};
  desk.scrape();
  {
    LiveClient live{desk.instance->server().port()};
    desk.until("the client is counted", [&] { return desk.moved("websocket_connections_active"); });
    EXPECT_EQ(live.next().rfind("{\"type\":\"", 0), 0U);
  }
  suffer_every_fault(desk);
  desk.until("all that moves has moved", [&] {
    return std::all_of(metric_table().begin(), metric_table().end(), [&](const MetricRow& row) {
      return row.moves != Moves::yes || desk.moved(std::string{row.name});
    });
  });
  check_rows(desk, [](const MetricRow& row) { return row.moves != Moves::daily; });
}

TEST(AllMetrics, StatisticsMoveOnRecordedDays) {
  const std::string directory = std::string{BELLWETHER_SOURCE_DIR} + "/../shared/data/binance_daily_klines";
  if (!std::filesystem::is_directory(directory)) GTEST_SKIP() << "no recorded days in " << directory;
  ProfileOptions profile;
  profile.profile = Profile::daily_crypto;
  profile.directory = directory;
  profile.symbols = {"BTCUSDT", "ETHUSDT"};
  auto market = open_market(profile);
  ASSERT_TRUE(market) << market.error().message;
  RunningDesk desk{std::move(*market), 86'400.0 * 400};  // some 400 days a second
  desk.until("all that needs days has moved", [&] {
    return std::all_of(metric_table().begin(), metric_table().end(), [&](const MetricRow& row) {
      return row.moves != Moves::daily || desk.moved(std::string{row.name});
    });
  });
  check_rows(desk, [](const MetricRow& row) { return row.moves == Moves::daily; });
}

TEST(AllMetrics, PromtoolBlamesOnlyTheDocumentsOwnNames) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) GTEST_SKIP() << "no promtool here";
  RunningDesk desk{open_generated_market({"BTCUSDT", "ETHUSDT"}, 5), std::nullopt};
  desk.until("it trades", [&] { return desk.counted("trading_bot_trades_total"); });
  TemporaryDirectory directory;
  std::ofstream{directory.file("metrics.txt")} << desk.text;
  const std::string command = "promtool check metrics <" + directory.file("metrics.txt") + " 2>&1";
  std::FILE* const pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string said;
  std::array<char, 4096> buffer{};
  while (const std::size_t read = std::fread(buffer.data(), 1, buffer.size(), pipe)) said.append(buffer.data(), read);
  pclose(pipe);
  std::istringstream lines{said};
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.substr(0, line.find(' '));
    const auto& allowed = names_promtool_may_blame();
    EXPECT_NE(std::find(allowed.begin(), allowed.end(), name), allowed.end()) << line;
  }
}

}  // namespace
}  // namespace bellwether::paper
