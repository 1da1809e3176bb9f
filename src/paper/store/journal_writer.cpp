// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/journal_writer.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "paper/store/writer_thread.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

/// The moment of the start and chance: two desks, or two starts of one, do not share it.
std::string run_name(const JournalWriterOptions& options) {
  static constexpr std::string_view digits = "0123456789abcdef";
  auto number = static_cast<std::uint64_t>(options.clock->wall().count()) ^
                (static_cast<std::uint64_t>(options.random->uniform() * 0x1p20) << 44U);
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, number >>= 4U) *digit = digits[number & 15U];
  return options.instance + "-" + text;
}

SimTime time_of(const JournalRecord& record) {
  return std::visit([](const auto& typed) { return typed.at; }, record);
}

}  // namespace

struct JournalWriter::Core {
  Core(Journal& to, JournalWriterOptions given)
      : journal(to),
        options(std::move(given)),
        run(run_name(options)),
        thread({options.background, options.interval, options.retry_interval, options.stop_timeout},
               [this](const std::function<bool()>& may_go_on) {
                 const bool no_error = write_all(may_go_on).has_value();
                 return no_error && status().waiting == 0;
               }) {}

  bool put(JournalRecord&& record) {
    bool batch_is_full = false;
    {
      const std::lock_guard lock(mutex);
      const std::size_t room = options.capacity - std::min(options.capacity, queue.size() + in_flight);
      if (stopped || room < (gap_count > 0 ? 2U : 1U)) {
        lose(time_of(record));
        return false;
      }
      end_gap();
      queue.push_back({next_sequence++, options.clock->wall().count(), std::move(record)});
      ++counts.accepted;
      batch_is_full = options.background && queue.size() == options.batch;
    }
    if (batch_is_full) thread.wake();
    return true;
  }

  /// Under the lock. The lost record takes its number with it.
  void lose(SimTime at) {
    if (gap_count++ == 0) gap_begin = next_sequence;
    gap_at = at;
    ++next_sequence;
    ++counts.lost;
    losing = true;
  }

  /// Under the lock, with room for one: what was lost stands in the journal where it is missing.
  void end_gap() {
    if (gap_count == 0) return;
    EventRecord gap{.at = gap_at,
                    .kind = "journal_gap",
                    .subject = run,
                    .action = "lost",
                    .detail = "the records " + std::to_string(gap_begin) + " to " +
                              std::to_string(gap_begin + gap_count - 1) + " of this run found no room and are missing",
                    .value = static_cast<double>(gap_count)};
    queue.push_back({next_sequence++, options.clock->wall().count(), std::move(gap)});
    ++counts.accepted;
    gap_count = 0;
  }

  Result<std::size_t> write_all(const std::function<bool()>& may_go_on) {
    const std::lock_guard one_at_a_time(pass_mutex);
    tell_loss();
    std::size_t written = 0;
    while (journal.allows() && may_go_on()) {
      take_batch();
      if (batch.empty()) break;
      Result<AppendReport> report = journal.append(run, batch);
      const std::lock_guard lock(mutex);
      if (!report) {  // the batch stays for the next try
        ++counts.failures;
        ++counts.failures_in_a_row;
        counts.last_error = report.error().message;
        return report.error();
      }
      counts.written += report->appended + report->duplicates;
      counts.duplicates += report->duplicates;
      counts.refused += report->refused;
      counts.failures_in_a_row = 0;
      counts.last_error = report->refusal;
      written += report->appended + report->duplicates;
      batch.clear();
      in_flight = 0;
    }
    const std::lock_guard lock(mutex);
    if (queue.empty() && in_flight == 0 && loss_told) losing = loss_told = false;
    return written;
  }

  /// What failed last time, or the next records.
  void take_batch() {
    if (!batch.empty()) return;
    const std::lock_guard lock(mutex);
    if (queue.empty()) end_gap();
    const std::size_t count = std::min(std::max<std::size_t>(options.batch, 1), queue.size());
    for (std::size_t index = 0; index < count; ++index) {
      batch.push_back(std::move(queue.front()));
      queue.pop_front();
    }
    in_flight = count;
  }

  void tell_loss() {
    std::string why;
    {
      const std::lock_guard lock(mutex);
      if (!losing || loss_told) return;
      loss_told = true;
      why = "records of the journal are lost: " + std::to_string(queue.size() + in_flight) + " wait for " +
            journal.describe() + " (" + (counts.last_error.empty() ? "too slow" : counts.last_error) + ")";
    }
    if (options.on_loss) options.on_loss(why);
  }

  JournalWriterStatus status() const {
    const std::lock_guard lock(mutex);
    JournalWriterStatus now = counts;
    now.waiting = queue.size() + in_flight;
    now.capacity = options.capacity;
    return now;
  }

  void stop() {
    thread.stop();
    {
      const std::lock_guard one_at_a_time(pass_mutex);
      const std::lock_guard lock(mutex);
      if (std::exchange(stopped, true)) return;
      const std::size_t left = queue.size() + in_flight;
      if (left > 0) {
        counts.lost += left;
        losing = true;
      }
    }
    tell_loss();
    const std::lock_guard one_at_a_time(pass_mutex);
    const std::lock_guard lock(mutex);
    queue.clear();
    batch.clear();
    in_flight = 0;
  }

  Journal& journal;
  JournalWriterOptions options;
  std::string run;
  std::mutex pass_mutex;            // one pass at a time, and `batch`; taken before `mutex`
  std::vector<JournalEntry> batch;  // with the journal, or failed there and waiting for the next try
  mutable std::mutex mutex;         // the rest; never held during a query
  std::deque<JournalEntry> queue;
  std::size_t in_flight = 0;  // of `batch`
  std::uint64_t next_sequence = 1;
  std::uint64_t gap_begin = 0;
  std::uint64_t gap_count = 0;  // lost, and not yet in the queue as an event
  SimTime gap_at = 0;
  JournalWriterStatus counts;
  bool losing = false;
  bool loss_told = false;
  bool stopped = false;
  WriterThread thread;  // the last: it ends first
};

JournalWriter::JournalWriter(Journal& journal, JournalWriterOptions options)
    : core_(std::make_unique<Core>(journal, std::move(options))) {}
JournalWriter::~JournalWriter() {
  core_->stop();
}

bool JournalWriter::write(JournalRecord record) {
  return core_->put(std::move(record));
}
Result<std::size_t> JournalWriter::run_once() {
  return core_->write_all([] { return true; });
}
void JournalWriter::stop() {
  core_->stop();
}
JournalWriterStatus JournalWriter::status() const {
  return core_->status();
}
const std::string& JournalWriter::run() const noexcept {
  return core_->run;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
