// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "scrape/discovery_file.hpp"
#include "scrape/discovery_groups.hpp"
#include "scrape/discovery_http.hpp"
#include "scrape/discovery_runner.hpp"

namespace bellwether::scrape {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("bellwether-sd-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  // As those who write such files should: no reader ever sees a part.
  void replace(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / "new") << text;
    fs::rename(path_ / "new", path_ / name);
  }

 private:
  fs::path path_;
};

class FakeTransport final : public net::HttpTransport {
 public:
  net::HttpResult send(const net::HttpRequest& request) override {
    const std::lock_guard lock(mutex);
    asked.push_back(request);
    if (status == 0) return net::HttpError{net::HttpErrorKind::connect, "http://sd: connection refused"};
    return net::HttpResponse{.status = status, .headers = {{"Content-Type", type}}, .body = body};
  }
  std::mutex mutex;
  int status = 200;
  std::string type = "application/json; charset=utf-8";
  std::string body = R"([{"targets": ["a:1"]}])";
  std::vector<net::HttpRequest> asked;
};

std::vector<std::string> addresses(const std::vector<DiscoveredGroup>& groups) {
  std::vector<std::string> all;
  for (const DiscoveredGroup& group : groups) {
    all.insert(all.end(), group.group.targets.begin(), group.group.targets.end());
  }
  return all;
}

using Texts = std::vector<std::string>;

TEST(DiscoveryGroups, AreReadFromJsonAndYaml) {
  const std::vector<config::TargetGroup> expected{{{"a:1", "b:2"}, {{"x", "1"}, {"y", ""}}}, {}};
  EXPECT_EQ(parse_groups_json(R"([{"targets": ["a:1", "b:2"], "labels": {"x": "1", "y": ""}}, {"targets": null}])", "f")
                .value(),
            expected);
  EXPECT_EQ(parse_groups_yaml("- targets: [a:1, 'b:2']\n  labels: {x: 1, y: }\n- {}\n", "f").value(), expected);
  EXPECT_TRUE(parse_groups_json("[]", "f")->empty());
  EXPECT_TRUE(parse_groups_yaml("", "f")->empty());
}

TEST(DiscoveryGroups, OfAnotherFormAreRefused) {
  for (const char* json :
       {"", "{}", "[", "[1]", "null", R"([{"targets": "a"}])", R"([{"targets": [1]}])", R"([{"target": []}])",
        R"([{"labels": {"a": 1}}])", R"([{"labels": {"": "x"}}])", R"([{"labels": []}])", "[{}] x", "\xff"}) {
    const auto groups = parse_groups_json(json, "f.json");
    ASSERT_FALSE(groups) << json;
    EXPECT_EQ(groups.error().message.rfind("f.json: ", 0), 0U);
  }
  EXPECT_EQ(parse_groups_yaml("- targets: [a]\n- target: [b]\n", "f.yml").error().message,
            "f.yml:2:3: unknown key \"target\" in a target group: did you mean \"targets\"?");
  EXPECT_FALSE(parse_groups_yaml("a: 1\n", "f.yml"));
  EXPECT_FALSE(parse_groups_json(std::string(100'000, '['), "f.json"));
}

TEST(FileDiscovery, ReadsFilesAsTheyComeChangeAndGo) {
  const Folder folder;
  ManualClock clock;
  FileDiscovery discovery({.files = {folder.file("*.json"), folder.file("one.yml")}, .refresh_interval = 60s}, clock);
  EXPECT_FALSE(discovery.poll());
  EXPECT_EQ(discovery.next_poll(), 60s);
  folder.replace("b.json", R"([{"targets": ["b:1"], "labels": {"venue": "cme"}}])");
  folder.replace("one.yml", "- targets: [one:1]\n");
  folder.replace("not.txt", "x");
  EXPECT_TRUE(discovery.poll());
  EXPECT_EQ(addresses(discovery.groups()), (Texts{"b:1", "one:1"}));
  EXPECT_EQ(discovery.groups()[0].group.labels,
            (config::Labels{{"__meta_filepath", folder.file("b.json")}, {"venue", "cme"}}));
  EXPECT_FALSE(discovery.poll()) << "nothing new";
  folder.replace("b.json", R"([{"targets": ["b:2"]}])");
  EXPECT_TRUE(discovery.poll());
  EXPECT_EQ(addresses(discovery.groups()), (Texts{"b:2", "one:1"}));
  fs::remove(folder.file("b.json"));
  EXPECT_TRUE(discovery.poll());
  EXPECT_EQ(addresses(discovery.groups()), (Texts{"one:1"}));
}

TEST(FileDiscovery, ABrokenFileKeepsItsLastTargetsAndSaysSo) {
  const Folder folder;
  ManualClock clock;
  folder.replace("a.json", R"([{"targets": ["a:1"]}])");
  folder.replace("b.json", R"([{"targets": ["b:1"]}])");
  FileDiscovery discovery({.files = {folder.file("*.json")}}, clock);
  EXPECT_TRUE(discovery.poll());
  folder.replace("a.json", R"([{"targets": ["a:1")");
  folder.replace("b.json", R"([{"targets": ["b:2"]}])");
  EXPECT_TRUE(discovery.poll());
  EXPECT_EQ(addresses(discovery.groups()), (Texts{"a:1", "b:2"})) << "a broken file holds up no other";
  EXPECT_EQ(discovery.problem().rfind(folder.file("a.json") + ": not valid JSON", 0), 0U) << discovery.problem();
  EXPECT_NE(discovery.problem().find("the targets it had stay"), std::string::npos);
  folder.replace("a.json", "[]");
  EXPECT_TRUE(discovery.poll());
  EXPECT_EQ(discovery.problem(), "");
  EXPECT_EQ(addresses(discovery.groups()), (Texts{"b:2"}));
}

TEST(FileDiscovery, TheKernelTellsOfAChange) {
  const Folder folder;
  ManualClock clock;
  FileDiscovery discovery({.files = {folder.file("a.json")}}, clock);
  discovery.poll();
  pollfd fd{.fd = discovery.fd(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&fd, 1, 0), 0);
  folder.replace("a.json", "[]");
  EXPECT_EQ(::poll(&fd, 1, 5000), 1);
  discovery.poll();
  EXPECT_EQ(::poll(&fd, 1, 0), 0) << "and is quiet when it was heard";
}

TEST(HttpDiscovery, KeepsWhatItHadWhenTheAnswerIsNone) {
  FakeTransport transport;
  ManualClock clock;
  HttpDiscovery discovery({.url = "http://sd/targets", .refresh_interval = 30s}, transport, clock);
  EXPECT_TRUE(discovery.poll());
  EXPECT_EQ(discovery.next_poll(), 30s);
  EXPECT_EQ(transport.asked[0].timeout, 30s);
  EXPECT_EQ(discovery.groups()[0].group.labels, (config::Labels{{"__meta_url", "http://sd/targets"}}));
  EXPECT_FALSE(discovery.poll());
  const auto broken = [&](const char* what) {
    EXPECT_FALSE(discovery.poll()) << what;
    EXPECT_NE(discovery.problem().find(what), std::string::npos) << discovery.problem();
    EXPECT_NE(discovery.problem().find("the targets it had stay"), std::string::npos);
    EXPECT_EQ(addresses(discovery.groups()), (Texts{"a:1"}));
  };
  transport.status = 503;
  broken("status 503");
  transport.status = 0;
  broken("connection refused");
  transport.status = 200;
  transport.body = "{}";
  broken("it is no list");
  transport.type = "text/html";
  broken("text/html");
  transport.type = "application/json";
  transport.body = "[]";
  EXPECT_TRUE(discovery.poll());
  EXPECT_EQ(discovery.problem(), "");
  EXPECT_TRUE(discovery.groups().empty());
}

// What the callbacks said last, to be waited for.
struct Heard {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::size_t, Texts> targets;
  std::map<std::size_t, std::string> problems;

  DiscoveryRunner::Callbacks callbacks() {
    return {.on_groups =
                [this](std::size_t job, const std::vector<DiscoveredGroup>& groups) {
                  const std::lock_guard lock(mutex);
                  targets[job] = addresses(groups);
                  changed.notify_all();
                },
            .on_problem =
                [this](std::size_t job, const std::string& problem) {
                  const std::lock_guard lock(mutex);
                  problems[job] = problem;
                  changed.notify_all();
                }};
  }
  template <typename Condition>
  bool wait(Condition condition) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 20s, condition);
  }
};

TEST(DiscoveryRunner, ReportsAllThatIsKnownAtOnceAndWhatChanges) {
  const Folder folder;
  folder.replace("a.json", R"([{"targets": ["file:1"]}])");
  FakeTransport transport;
  Heard heard;
  std::vector<config::DiscoveryConfig> jobs(3);
  jobs[0].static_configs = {{{"static:1"}, {}}};
  jobs[1].static_configs = {{{"static:2"}, {}}};
  jobs[1].file_sd_configs = {{.files = {folder.file("a.json")}}};
  jobs[2].http_sd_configs = {{.url = "http://sd", .refresh_interval = 60s}};
  const DiscoveryRunner runner(jobs, transport, Clock::system(), heard.callbacks());
  EXPECT_TRUE(heard.wait([&] {
    return heard.targets[0] == Texts{"static:1"} && heard.targets[1] == Texts{"static:2", "file:1"};
  }));
  EXPECT_TRUE(heard.wait([&] { return heard.targets[2] == Texts{"a:1"}; }));
  folder.replace("a.json", R"([{"targets": ["file:2"]}])");
  EXPECT_TRUE(heard.wait([&] { return heard.targets[1] == Texts{"static:2", "file:2"}; }));
  folder.replace("a.json", "broken");
  EXPECT_TRUE(heard.wait([&] { return !heard.problems[1].empty(); }));
  folder.replace("a.json", "[]");
  EXPECT_TRUE(heard.wait([&] { return heard.problems[1].empty() && heard.targets[1] == Texts{"static:2"}; }));
}

TEST(DiscoveryRunner, StopsWhileAServerHangs) {
  class Hanging final : public net::HttpTransport {
   public:
    net::HttpResult send(const net::HttpRequest& request) override {
      std::mutex mutex;
      std::condition_variable_any stopped;
      std::unique_lock lock(mutex);
      stopped.wait(lock, request.stop, [] { return false; });
      return net::HttpError{net::HttpErrorKind::cancelled, "stopped"};
    }
  } transport;
  std::vector<config::DiscoveryConfig> jobs(1);
  jobs[0].http_sd_configs = {{.url = "http://sd", .refresh_interval = 3600s},
                             {.url = "http://other", .refresh_interval = 3600s}};
  Heard heard;
  { const DiscoveryRunner runner(jobs, transport, Clock::system(), heard.callbacks()); }
  EXPECT_TRUE(heard.problems.empty()) << "nobody is told of the end";
}

}  // namespace
}  // namespace bellwether::scrape
