// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/state_writer.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "paper/store/writer_thread.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};
using Pending = std::unordered_map<std::string, std::optional<std::string>, TextHash, std::equal_to<>>;

}  // namespace

struct StateWriter::Core {
  Core(StateStore& to, StateWriterOptions given)
      : store(to),
        options(std::move(given)),
        thread({options.background, options.interval, options.retry_interval, options.stop_timeout},
               [this](const std::function<bool()>& may_go_on) {
                 const bool no_error = write_all(may_go_on).has_value();
                 return no_error && status().waiting == 0;
               }) {}

  void put(std::string_view key, std::optional<std::string_view> value) {
    const std::lock_guard lock(mutex);
    if (stopped) return lose("the writer has been stopped");
    if (key.empty()) return lose("a key is empty");
    if (value && value->size() > options.max_value_bytes) {
      return lose("the value of '" + std::string(key.substr(0, 100)) + "' has " + std::to_string(value->size()) +
                  " bytes; at most " + std::to_string(options.max_value_bytes) + " are taken");
    }
    auto found = pending.find(key);
    if (found == pending.end()) {
      if (pending.size() + in_flight >= options.max_keys) {
        return lose(std::to_string(options.max_keys) + " keys wait already; the store is away: " + counts.last_error);
      }
      found = pending.emplace(std::string(key), std::nullopt).first;
    } else {
      ++counts.coalesced;
    }
    if (!value) {
      found->second.reset();
    } else if (found->second) {
      found->second->assign(*value);
    } else {
      found->second.emplace(*value);
    }
  }

  /// Under the lock.
  void lose(std::string why) {
    ++counts.lost;
    if (loss.empty()) loss = std::move(why);
  }

  Result<std::size_t> write_all(const std::function<bool()>& may_go_on) {
    const std::lock_guard one_at_a_time(pass_mutex);
    tell_loss();
    if (!store.allows()) return std::size_t{0};
    std::vector<StateChange> changes;
    {
      const std::lock_guard lock(mutex);
      changes.reserve(pending.size());
      while (!pending.empty()) {
        auto node = pending.extract(pending.begin());
        changes.push_back({std::move(node.key()), std::move(node.mapped())});
      }
      in_flight = changes.size();
    }
    std::size_t written = 0;
    std::optional<Error> failure;
    while (written < changes.size() && may_go_on()) {
      const std::size_t count = std::min(std::max<std::size_t>(options.batch, 1), changes.size() - written);
      if (Result<void> applied = store.apply({changes.data() + written, count}); !applied) {
        failure = applied.error();
        break;
      }
      written += count;
    }
    const std::lock_guard lock(mutex);
    in_flight = 0;
    counts.written += written;
    for (std::size_t index = written; index < changes.size(); ++index) {
      // A value that came meanwhile is newer.
      const bool kept = pending.try_emplace(std::move(changes[index].key), std::move(changes[index].value)).second;
      if (!kept) ++counts.coalesced;
    }
    if (failure) {
      ++counts.failures;
      ++counts.failures_in_a_row;
      counts.last_error = failure->message;
      return *failure;
    }
    if (written > 0) {
      counts.failures_in_a_row = 0;
      counts.last_error.clear();
    }
    if (pending.empty() && loss_told) {
      loss.clear();
      loss_told = false;
    }
    return written;
  }

  void tell_loss() {
    std::string why;
    {
      const std::lock_guard lock(mutex);
      if (loss.empty() || loss_told) return;
      loss_told = true;
      why = loss;
    }
    if (options.on_loss) options.on_loss(why);
  }

  StateWriterStatus status() const {
    const std::lock_guard lock(mutex);
    StateWriterStatus now = counts;
    now.waiting = pending.size() + in_flight;
    return now;
  }

  void stop() {
    thread.stop();
    {
      const std::lock_guard lock(mutex);
      if (!std::exchange(stopped, true) && !pending.empty()) {
        const std::size_t left = pending.size();
        lose("the writer was stopped while the store was away, and " + std::to_string(left) + " keys waited");
        counts.lost += left - 1;
        pending.clear();
      }
    }
    tell_loss();
  }

  StateStore& store;
  StateWriterOptions options;
  std::mutex pass_mutex;     // one pass at a time; taken before `mutex`
  mutable std::mutex mutex;  // the rest; never held during an exchange
  Pending pending;
  std::size_t in_flight = 0;
  StateWriterStatus counts;
  std::string loss;  // why values began to be lost; empty: none are
  bool loss_told = false;
  bool stopped = false;
  WriterThread thread;  // the last: it ends first
};

StateWriter::StateWriter(StateStore& store, StateWriterOptions options)
    : core_(std::make_unique<Core>(store, std::move(options))) {}
StateWriter::~StateWriter() {
  core_->stop();
}

void StateWriter::set(std::string_view key, std::string_view value) {
  core_->put(key, value);
}
void StateWriter::erase(std::string_view key) {
  core_->put(key, std::nullopt);
}
Result<std::size_t> StateWriter::run_once() {
  return core_->write_all([] { return true; });
}
void StateWriter::stop() {
  core_->stop();
}
StateWriterStatus StateWriter::status() const {
  return core_->status();
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
