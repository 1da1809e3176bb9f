// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/remote_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "scrape/remote/fake_receiver.hpp"
#include "scrape/remote/shard_count.hpp"
#include "scrape/remote/snappy_block.hpp"
#include "storage/store_fixture.hpp"

namespace bellwether::remote {
namespace {

using namespace std::chrono_literals;
using storage::FloatColumns;
using storage::SeriesRef;
using storage::SeriesStore;

/// All floats of a store: series to time to bits.
using Content = std::map<std::string, std::map<std::int64_t, std::uint64_t>>;
Content content_of(SeriesStore& store) {
  Content out;
  storage::Selection selection = store.querier().select({}, INT64_MIN / 2, INT64_MAX / 2);
  for (std::size_t i = 0; i < selection.size(); ++i) {
    FloatColumns rows;
    selection.read(i, rows);
    auto& series = out[storage::to_string(selection.labels(i))];
    for (std::size_t row = 0; row < rows.times.size(); ++row)
      series[rows.times[row]] = storage::bits_of(rows.values[row]);
  }
  return out;
}

class RemoteQueueTest : public storage::StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open();
    storage::StoreOptions far = StoreTest::options();
    far.directory = directory + ".far";
    far_store = SeriesStore::open(far).value();
    receiver = std::make_unique<FakeReceiver>(*far_store);
    queue_options.position_path = directory + "/remote_write/q.position";
    queue_options.background = false;
    queue_options.sender.request = [] { return Result<net::HttpRequest>(net::HttpRequest{}); };
    queue_options.sender.transport = receiver.get();
    queue_options.sender.clock = &clock;
  }
  void TearDown() override {
    queue.reset();
    receiver.reset();
    far_store.reset();
    std::filesystem::remove_all(directory + ".far");
    StoreTest::TearDown();
  }
  void start() {
    auto opened = RemoteQueue::open(*store, queue_options);
    ASSERT_TRUE(opened) << opened.error().message;
    queue = std::move(*opened);
  }
  /// As a kill leaves it: nothing is flushed, the position is what memory holds.
  void kill() {
    const std::string path = queue_options.position_path;
    std::filesystem::copy_file(path, path + ".killed", std::filesystem::copy_options::overwrite_existing);
    queue.reset();
    std::filesystem::rename(path + ".killed", path);
  }
  void read_all() {
    while (queue->read()) {
    }
  }
  void send_all() {
    while (queue->send_one(sleeper, true)) {
    }
  }
  /// A scrape of ten series, a second later.
  void scrape(double value) {
    clock.advance(1s);
    storage::Appender appender = store->appender();
    for (int i = 0; i < 10; ++i) appender.append(ten(i), now(), value + i);
    appender.commit();
  }
  SeriesRef ten(int i) { return series({{"__name__", "price"}, {"symbol", names[static_cast<std::size_t>(i)]}}); }
  std::int64_t now() const { return std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall()).count(); }
  void expect_same() {
    const Content far = content_of(*far_store);
    const Content near = content_of(*store);
    EXPECT_EQ(far.size(), near.size());
    for (const auto& [labels, samples] : near) {
      const auto found = far.find(labels);
      EXPECT_TRUE(found != far.end() && found->second == samples) << labels << " differs";
    }
  }

  const std::vector<std::string> names{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
  std::unique_ptr<SeriesStore> far_store;
  std::unique_ptr<FakeReceiver> receiver;
  ManualSleeper sleeper{clock};
  QueueOptions queue_options;
  std::unique_ptr<RemoteQueue> queue;
};

TEST_F(RemoteQueueTest, ANewQueueSendsFromNowOn) {
  scrape(1);
  clock.advance(1s);
  start();
  read_all();
  scrape(2);
  read_all();
  send_all();
  const Content far = content_of(*far_store);
  ASSERT_EQ(far.size(), 10U);
  for (const auto& [labels, samples] : far) EXPECT_EQ(samples.size(), 1U) << labels;
  EXPECT_EQ(queue->pending(), 0U);
}

TEST_F(RemoteQueueTest, BatchesWaitUntilTheyAreFullOrOld) {
  start();
  read_all();
  queue_options.max_samples_per_send = 2000;
  scrape(1);
  read_all();
  EXPECT_FALSE(queue->send_one(sleeper));
  clock.advance(5s);
  EXPECT_TRUE(queue->send_one(sleeper));
  EXPECT_EQ(receiver->requests.size(), 1U);
  EXPECT_FALSE(queue->send_one(sleeper));
}

TEST_F(RemoteQueueTest, AnswersOfAllKindsLoseNothing) {
  start();
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i) {
    scrape(i);
    switch (random() % 6) {
      case 0:
        receiver->answers.push_back(FakeReceiver::status(500));
        break;
      case 1:
        receiver->answers.push_back(FakeReceiver::fails(net::HttpErrorKind::timeout));
        break;
      case 2:  // it arrived, but the answer did not
        receiver->answers.push_back([this](const net::HttpRequest& request) {
          (void)receiver->take(request);
          return net::HttpError{net::HttpErrorKind::closed, "reset"};
        });
        break;
      default:
        break;
    }
    if (random() % 3 == 0) {
      read_all();
      send_all();
    }
  }
  read_all();
  send_all();
  expect_same();
}

TEST_F(RemoteQueueTest, GoesOnWhereItStoodAfterAKill) {
  start();
  std::mt19937 random(7);
  queue_options.max_samples_per_send = 7;
  for (int round = 0; round < 30; ++round) {
    kill();
    start();
    for (unsigned i = 0; i <= random() % 5; ++i) {
      scrape(round * 10 + static_cast<double>(i));
      if (random() % 4 == 0) append(ten(3), now() - 1500, round + 0.5);  // late
      if (random() % 2 == 0) read_all();
      for (unsigned k = 0; k < random() % 4; ++k) (void)queue->send_one(sleeper, true);
    }
  }
  read_all();
  send_all();
  expect_same();
  // Nothing much was sent twice: what a kill found on its way, and what a late sample brought back.
  std::size_t sent = 0;
  for (const net::HttpRequest& request : receiver->requests) {
    WriteVisitor visitor;
    visitor.series = [&](DecodedSeries& one) { sent += one.samples.size(); };
    EXPECT_TRUE(decode_write_message(MessageVersion::v1, snappy_uncompress(request.body, 1 << 24).value(), visitor));
  }
  std::size_t held = 0;
  for (const auto& [labels, samples] : content_of(*store)) held += samples.size();
  EXPECT_LT(sent, held * 3 / 2);
}

TEST_F(RemoteQueueTest, AnHourWithoutAReceiverIsReadFromTheStore) {
  queue_options.feed_limit = 100;
  queue_options.capacity = 50;
  start();
  for (int i = 0; i < 3600; ++i) {
    scrape(i);
    if (i % 60 == 0) (void)queue->read();
    if (i % 300 == 17) append(ten(3), now() - 2500, i + 0.25);
    if (i == 1800) {
      ASSERT_TRUE(store->seal());
    }
  }
  EXPECT_TRUE(receiver->requests.empty());
  for (int i = 0; i < 10'000 && (queue->read() || queue->send_one(sleeper, true)); ++i) {
    if (i % 50 == 0) scrape(5000 + i);  // and it goes on meanwhile
  }
  read_all();
  send_all();
  expect_same();
}

TEST_F(RemoteQueueTest, CatchingUpAcrossAKillLosesNothing) {
  queue_options.feed_limit = 50;
  queue_options.capacity = 200;
  queue_options.max_samples_per_send = 64;
  start();
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 40; ++i) scrape(round * 100 + i);
    for (unsigned k = 0; k < random() % 12; ++k) {
      (void)queue->read();
      (void)queue->send_one(sleeper, true);
    }
    kill();
    start();
  }
  for (int i = 0; i < 10'000 && (queue->read() || queue->send_one(sleeper, true)); ++i) {
  }
  expect_same();
}

TEST_F(RemoteQueueTest, ACleanStopKeepsThePosition) {
  start();
  for (int i = 0; i < 5; ++i) scrape(i);
  read_all();
  queue->stop(0s);  // without threads nothing is flushed
  queue.reset();
  scrape(6);
  start();
  read_all();
  send_all();
  expect_same();
}

TEST_F(RemoteQueueTest, ADamagedPositionIsPutAside) {
  start();
  queue.reset();
  std::filesystem::resize_file(queue_options.position_path, 100);
  scrape(1);
  clock.advance(1s);
  start();
  scrape(2);
  read_all();
  send_all();
  EXPECT_EQ(content_of(*far_store).size(), 10U);
  EXPECT_TRUE(std::filesystem::exists(queue_options.position_path + ".damaged"));
}

TEST_F(RemoteQueueTest, LabelsAreThoseThatTheReceiverShallSee) {
  queue_options.external_labels = {{"region", "eu"}, {"symbol", "other"}};
  queue_options.relabel = [](const Labels& labels) -> std::optional<Labels> {
    if (labels[2].second == "b") return std::nullopt;
    return labels;
  };
  start();
  scrape(1);
  read_all();
  send_all();
  const Content far = content_of(*far_store);
  EXPECT_EQ(far.size(), 9U);
  EXPECT_TRUE(far.contains("{__name__=\"price\", region=\"eu\", symbol=\"a\"}"));
}

TEST_F(RemoteQueueTest, AfterAPowerCutAMinuteIsSentAgain) {
  const std::string path = directory + "/p/x.position";
  {
    auto file = PositionFile::open(path, 1'000'000, "boot-1").value();
    file->set_sent(3, 1'000'500);
  }
  {
    auto file = PositionFile::open(path, 0, "boot-1").value();  // the process alone ended
    EXPECT_EQ(file->resume_from(3), 1'000'000);
    file->set_floor(900'000);
    EXPECT_EQ(file->resume_from(3), 899'999);
    file->set_floor(INT64_MAX);
  }
  auto file = PositionFile::open(path, 0, "boot-2").value();
  EXPECT_EQ(file->resume_from(3), 940'000);
  EXPECT_EQ(file->sent(3), 1'000'500);
  ASSERT_TRUE(file->close_cleanly());
  file.reset();
  EXPECT_EQ(PositionFile::open(path, 0, "boot-3").value()->resume_from(3), 940'000);
}

TEST(ShardCount, FollowsTheLoad) {
  ShardInput input{
      .shards = 1, .min_shards = 1, .max_shards = 50, .period = 10s, .busy = 5s, .sent = 10'000, .came_in = 10'000};
  EXPECT_EQ(shard_count(input), 1U);
  input.came_in = 100'000;
  EXPECT_EQ(shard_count(input), 5U);
  input.backlog = 1'000'000;
  EXPECT_EQ(shard_count(input), 50U);
  input.sent = 0;
  EXPECT_EQ(shard_count(input), 1U);
  input = {
      .shards = 10, .min_shards = 2, .max_shards = 50, .period = 10s, .busy = 1s, .sent = 10'000, .came_in = 10'000};
  EXPECT_EQ(shard_count(input), 2U);
}

/// Threads on both sides: several commit, the receiver fails at random, shards change; in the end both hold the same.
TEST_F(RemoteQueueTest, ThreadsOnBothSidesLoseNothing) {
  queue_options.background = true;
  queue_options.sender.clock = &Clock::system();
  queue_options.min_shards = 4;
  queue_options.max_samples_per_send = 100;
  queue_options.batch_send_deadline = 10ms;
  queue_options.feed_limit = 2'000;
  queue_options.sender.min_backoff = 1ms;
  queue_options.sender.max_backoff = 5ms;
  std::atomic<unsigned> count{0};
  receiver->always = [&](const net::HttpRequest& request) -> net::HttpResult {
    if (++count % 5 == 0) return net::HttpResponse{503};
    return receiver->take(request);
  };
  // The queue's clock is the machine's, so that positions must be set back to the store's.
  (void)PositionFile::open(queue_options.position_path, noon - 1).value();
  start();
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 3; ++writer) {
    writers.emplace_back([this, writer] {
      storage::Appender appender = store->appender();
      std::vector<SeriesRef> refs;
      for (const std::string& name : names) {
        refs.push_back(
            series({{"__name__", "w"}, {"symbol", name}, {"writer", names[static_cast<std::size_t>(writer)]}}));
      }
      for (int i = 0; i < 500; ++i) {
        for (const SeriesRef ref : refs) appender.append(ref, noon + i, i);
        appender.commit();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  queue->stop(60s);
  expect_same();
}

}  // namespace
}  // namespace bellwether::remote
