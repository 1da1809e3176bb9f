// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/remote_write.hpp"

#include <gtest/gtest.h>

#include "scrape/remote/fake_receiver.hpp"
#include "storage/store_fixture.hpp"

namespace bellwether::remote {
namespace {

using namespace std::chrono_literals;

class RemoteWriteTest : public storage::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open();
    storage::StoreOptions far = StoreTest::options();
    far.directory = directory + ".far";
    far_store = storage::SeriesStore::open(far).value();
    receiver = std::make_unique<FakeReceiver>(*far_store);
    RemoteWriteOptions with;
    with.directory = directory + "/remote_write";
    with.transport = receiver.get();
    with.clock = &clock;
    with.registry = &registry;
    remote = std::make_unique<RemoteWrite>(*store, with);
  }
  void TearDown() override {
    remote.reset();
    receiver.reset();
    far_store.reset();
    std::filesystem::remove_all(directory + ".far");
    StoreTest::TearDown();
  }
  static config::PrometheusConfig one(const std::string& url) {
    config::PrometheusConfig out;
    out.remote_write.emplace_back();
    out.remote_write[0].url = url;
    out.remote_write[0].name = "far";
    return out;
  }
  void add(int count) {
    for (int i = 0; i < count; ++i) {
      clock.advance(1s);
      const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall()).count();
      (void)append(series({{"__name__", "up"}, {"job", "desk"}}), now, i);
    }
  }
  /// Number of samples of each series that the receiver has, by its labels.
  std::map<std::string, std::size_t> received() {
    std::map<std::string, std::size_t> out;
    storage::Selection selection = far_store->querier().select({}, 0, INT64_MAX / 2);
    for (std::size_t i = 0; i < selection.size(); ++i) {
      storage::FloatColumns rows;
      selection.read(i, rows);
      out[storage::to_string(selection.labels(i))] = rows.times.size();
    }
    return out;
  }

  std::unique_ptr<storage::SeriesStore> far_store;
  std::unique_ptr<FakeReceiver> receiver;
  Registry registry;
  std::unique_ptr<RemoteWrite> remote;
};

TEST_F(RemoteWriteTest, AReloadKeepsThePositionAndTakesWhatIsNew) {
  config::PrometheusConfig config = one("http://127.0.0.1:9/write");
  config.global.external_labels = {{"region", "eu"}};
  ASSERT_TRUE(remote->apply(config));
  add(10);
  ASSERT_TRUE(remote->apply(config));  // the same: undisturbed
  add(10);
  config.remote_write[0].write_relabel_configs.emplace_back();  // one label more
  config.remote_write[0].write_relabel_configs[0].target_label = "new";
  config.remote_write[0].write_relabel_configs[0].replacement = "yes";
  ASSERT_TRUE(remote->apply(config));
  add(10);
  remote->stop(60s);
  EXPECT_EQ(remote->queues(), 0U);
  std::size_t sum = 0;
  for (const auto& [labels, count] : received()) sum += count;
  EXPECT_EQ(sum, 30U);
  // Those of before may have waited, and go as the new rules say.
  EXPECT_GE((received()[R"({__name__="up", job="desk", new="yes", region="eu"})"]), 10U);
}

TEST_F(RemoteWriteTest, AWrongConfigurationChangesNothing) {
  ASSERT_TRUE(remote->apply(one("http://127.0.0.1:9/write")));
  config::PrometheusConfig twice = one("http://127.0.0.1:9/a");
  twice.remote_write.push_back(twice.remote_write[0]);
  const Result<void> refused = remote->apply(twice);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("the same name"), std::string::npos);
  EXPECT_EQ(remote->queues(), 1U);
  ASSERT_TRUE(remote->apply({}));
  EXPECT_EQ(remote->queues(), 0U);
}

TEST_F(RemoteWriteTest, TellsHowFarItHasCome) {
  ASSERT_TRUE(remote->apply(one("http://127.0.0.1:9/write")));
  add(3);
  remote->stop(60s);
  const std::string page = render(registry);
  EXPECT_NE(page.find("bellwether_remote_write_sent_total{queue=\"far\",kind=\"sample\"} 3"), std::string::npos)
      << page;
  EXPECT_NE(page.find("bellwether_remote_write_lag_seconds{queue=\"far\"}"), std::string::npos);
}

}  // namespace
}  // namespace bellwether::remote
