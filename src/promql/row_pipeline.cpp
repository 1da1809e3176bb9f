// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "promql/row_pipeline.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

#include "promql/query_threads.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {
namespace {

constexpr std::size_t most_ahead = 1U << 17U;  // points that lie ready, for each helper
constexpr std::size_t most_of_run = 32;        // series
constexpr std::size_t points_of_run = 8192;    // about
constexpr std::size_t points_of_row = 16;      // at least: it is a row
constexpr std::size_t points_of_histogram = 64;

struct MadeRow {
  Row row;
  ReadSize read;
  std::unique_ptr<Annotations> annotations;  // null: none
};

enum class RunState : std::uint8_t {
  open,
  callers,  ///< its rows are made as the caller comes to them
  taken,    ///< its rows are being made
  ready,
};

/// Some series one after the other.
struct Run {
  std::atomic<RunState> state{RunState::open};
  std::size_t used = 0;    // rows; the caller's
  std::size_t weight = 0;  // points
  std::size_t made = 0;    // of the rows; fewer than all after a failure
  std::vector<MadeRow> rows;
  std::exception_ptr failure;
};

/// What the threads share. It outlives the query where a helper had no time before its end: closed then, and empty.
class SharedRuns {
 public:
  SharedRuns(std::size_t series, std::size_t steps, std::size_t run_size, std::size_t helpers, RowMakers makers)
      : series_(series),
        steps_(steps),
        run_size_(run_size),
        max_ahead_(most_ahead * helpers),
        makers_(std::move(makers)),
        runs_((series + run_size - 1) / run_size) {
    idle_.reserve(helpers);
  }

  Run& run_of(std::size_t series) { return runs_[series / run_size_]; }
  /// Of a run that is ready.
  MadeRow& row_of(Run& run, std::size_t series) {
    const std::size_t place = series % run_size_;
    if (place >= run.made) std::rethrow_exception(run.failure);
    return run.rows[place];
  }

  /// The caller's from now on, unless a helper has it.
  RunState own(Run& run) {
    const std::lock_guard lock(mutex_);
    RunState state = run.state.load(std::memory_order_acquire);
    if (state != RunState::open) return state;
    run.state.store(RunState::callers, std::memory_order_relaxed);
    return RunState::callers;
  }

  /// A helper's visit: it works as long as there is something to take.
  void help() noexcept {
    std::unique_lock lock(mutex_);
    --called_;
    if (closed_) return;
    ++active_;
    std::unique_ptr<RowMaker> maker;
    if (!idle_.empty()) {
      maker = std::move(idle_.back());
      idle_.pop_back();
    }
    while (Run* const run = take()) {
      lock.unlock();
      fill(*run, maker);
      lock.lock();
      publish(*run);
    }
    if (next_ ==
        runs_.size()) {  // nobody needs a maker any more: what it has open and keeps goes before the query's end
      std::vector<std::unique_ptr<RowMaker>> unneeded = std::exchange(idle_, {});
      lock.unlock();
      unneeded.clear();
      maker.reset();
      lock.lock();
    } else if (maker != nullptr) {
      idle_.push_back(std::move(maker));
    }
    --active_;
    changed_.notify_all();
  }

  /// The caller's: until a run that a helper has is ready, it makes others.
  void wait_for(Run& wanted, std::unique_ptr<RowMaker>& maker) {
    std::unique_lock lock(mutex_);
    while (wanted.state.load(std::memory_order_acquire) != RunState::ready) {
      if (Run* const run = take()) {
        lock.unlock();
        fill(*run, maker);
        lock.lock();
        publish(*run);
      } else {
        changed_.wait(lock);
      }
    }
  }

  /// How many helpers are to be called: at the beginning, and when the rows of a run have been used.
  std::size_t call(std::size_t helpers) {
    const std::lock_guard lock(mutex_);
    return call_locked(helpers);
  }
  std::size_t used_up(Run& run, std::size_t helpers) {
    const std::lock_guard lock(mutex_);
    ahead_ -= run.weight;
    spare_.push_back(std::move(run.rows));
    return call_locked(helpers);
  }
  void not_called(std::size_t helpers) {
    const std::lock_guard lock(mutex_);
    called_ -= helpers;
  }

  /// Waits for those that are at work; afterwards nothing of the query is held.
  void close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    changed_.wait(lock, [this] { return active_ == 0; });
    idle_.clear();
    spare_.clear();
    runs_ = std::vector<Run>();  // its memory too
    makers_ = nullptr;
  }

 private:
  std::size_t first_of(const Run& run) const noexcept {
    return static_cast<std::size_t>(&run - runs_.data()) * run_size_;
  }
  std::size_t rows_of(const Run& run) const noexcept { return std::min(run_size_, series_ - first_of(run)); }

  // With the mutex.
  Run* take() {
    if (closed_ || ahead_ >= max_ahead_) return nullptr;
    while (next_ < runs_.size() && runs_[next_].state.load(std::memory_order_relaxed) != RunState::open) ++next_;
    if (next_ == runs_.size()) return nullptr;
    Run& run = runs_[next_++];
    run.state.store(RunState::taken, std::memory_order_relaxed);
    run.weight = rows_of(run) * std::max(steps_, points_of_row);
    ahead_ += run.weight;
    if (!spare_.empty()) {
      run.rows = std::move(spare_.back());
      spare_.pop_back();
    }
    return &run;
  }

  void publish(Run& run) {
    for (const MadeRow& made : run.rows) {
      if (made.row.histograms.empty()) continue;
      run.weight += made.row.size() * points_of_histogram;
      ahead_ += made.row.size() * points_of_histogram;
    }
    run.state.store(RunState::ready, std::memory_order_release);
    changed_.notify_all();
  }

  std::size_t call_locked(std::size_t helpers) {
    while (next_ < runs_.size() && runs_[next_].state.load(std::memory_order_relaxed) != RunState::open) ++next_;
    const std::size_t busy = active_ + called_;
    if (closed_ || ahead_ > max_ahead_ / 2 || busy >= helpers) return 0;
    const std::size_t wanted = std::min(helpers - busy, runs_.size() - next_);
    called_ += wanted;
    return wanted;
  }

  /// Without the mutex.
  void fill(Run& run, std::unique_ptr<RowMaker>& maker) noexcept {
    try {
      run.rows.resize(rows_of(run));
      if (maker == nullptr) maker = makers_(ReaderThread::helper);
      for (; run.made < run.rows.size() && !closed_.load(std::memory_order_relaxed); ++run.made) {
        MadeRow& made = run.rows[run.made];
        made.annotations.reset();
        maker->begin();  // the row before may be one that nobody asks for
        maker->make(first_of(run) + run.made, made.row, made.read);
        if (maker->annotations.empty()) continue;
        made.annotations = std::make_unique<Annotations>(maker->annotations.without_texts());
        made.annotations->take(maker->annotations);
      }
    } catch (...) {
      run.failure = std::current_exception();
    }
  }

  const std::size_t series_;
  const std::size_t steps_;
  const std::size_t run_size_;
  const std::size_t max_ahead_;
  RowMakers makers_;
  std::vector<Run> runs_;  // as long as the query uses them

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_ = 0;    // no run before it is open
  std::size_t ahead_ = 0;   // points that lie ready or are being made
  std::size_t active_ = 0;  // helpers
  std::size_t called_ = 0;  // helpers that have not come yet
  std::atomic<bool> closed_ = false;
  std::vector<std::unique_ptr<RowMaker>> idle_;
  std::vector<std::vector<MadeRow>> spare_;  // so that their memory is used again
};

/// The caller's side.
class RowPipeline {
 public:
  RowPipeline(QueryState& query, SharedSelection& shared, std::size_t series, std::size_t steps, RowMakers makers)
      : query_(query),
        shared_(shared),
        series_(series),
        steps_(steps),
        makers_(std::move(makers)),
        maker_(makers_(ReaderThread::caller)) {
    QueryThreads* const threads = query.options.threads.get();
    if (threads == nullptr || threads->helpers() == 0 || series < 2) return;
    threads_ = threads;
    const std::size_t parts = (threads->helpers() + 1) * 16;
    run_size_ = std::clamp<std::size_t>(std::min(series / parts, points_of_run / std::max<std::size_t>(steps, 1)), 1,
                                        most_of_run);
    begun_.assign(series / run_size_ + 1, 0);
  }
  ~RowPipeline() {
    if (runs_ != nullptr) runs_->close();
  }
  RowPipeline(const RowPipeline&) = delete;
  RowPipeline& operator=(const RowPipeline&) = delete;

  void fill(std::size_t series, Row& row) {
    if (runs_ == nullptr) {
      if (threads_ == nullptr) return make(series, row);
      return make_alone(series, row);
    }
    Run& run = runs_->run_of(series);
    RunState state = run.state.load(std::memory_order_acquire);
    if (state == RunState::open) state = runs_->own(run);
    if (state == RunState::callers) {
      if (last_run_ != &run) maker_->begin();
      last_run_ = &run;
      return make(series, row);
    }
    if (state == RunState::taken) {
      last_run_ = nullptr;
      runs_->wait_for(run, maker_);
    }
    use(run, series, row);
  }

 private:
  void make(std::size_t series, Row& row) {
    ReadSize read;
    maker_->make(series, row, read);
    if (!maker_->annotations.empty()) query_.annotations.take(maker_->annotations);
    query_.count_read(shared_, series, read, held_);
  }

  void use(Run& run, std::size_t series, Row& row) {
    MadeRow& made = runs_->row_of(run, series);
    std::swap(row, made.row);
    if (made.annotations != nullptr) query_.annotations.take(*made.annotations);
    query_.count_read(shared_, series, made.read, held_);
    if (++run.used == run.rows.size()) call(runs_->used_up(run, threads_->helpers()));
  }

  /// Takes the time of some rows; not of the first, which fetches what others use too.
  void make_alone(std::size_t series, Row& row) {
    begun_[series / run_size_] = 1;
    ++made_;
    went_back_ = went_back_ || series < passed_;
    passed_ = std::max(passed_, series + 1);
    const bool measures = (made_ > 1 && made_ <= 4) || made_ % 16 == 0;
    if (!measures) return make(series, row);
    const auto before = query_.options.clock->monotonic();
    make(series, row);
    const auto took = query_.options.clock->monotonic() - before;
    // A filter or a match asks for some rows only: what nobody will ask for must not be made.
    if (!went_back_ && made_ < passed_ - passed_ / 4) return;
    if (took * static_cast<std::int64_t>(series_ - std::min(series_, made_)) >= threads_->worth()) begin();
  }

  void begin() {
    runs_ = std::make_shared<SharedRuns>(series_, steps_, run_size_, threads_->helpers(), makers_);
    for (std::size_t run = 0; run * run_size_ < series_; ++run) {
      if (begun_[run] != 0) (void)runs_->own(runs_->run_of(run * run_size_));
    }
    call(runs_->call(threads_->helpers()));
  }

  void call(std::size_t helpers) {
    for (; helpers > 0; --helpers) {
      if (threads_->submit([runs = runs_] { runs->help(); })) continue;
      runs_->not_called(helpers);
      return;
    }
  }

  QueryState& query_;
  SharedSelection& shared_;
  const std::size_t series_;
  const std::size_t steps_;
  const RowMakers makers_;
  std::unique_ptr<RowMaker> maker_;
  std::size_t held_ = 0;  // samples of the last row that was used
  QueryThreads* threads_ = nullptr;
  std::size_t run_size_ = 1;
  std::size_t made_ = 0;
  std::size_t passed_ = 0;            // all rows that were asked for are before it
  bool went_back_ = false;            // they are asked for in another order, not left out
  std::vector<std::uint8_t> begun_;   // runs of which rows were made before there were helpers
  std::shared_ptr<SharedRuns> runs_;  // null: the caller works alone
  const Run* last_run_ = nullptr;
};

}  // namespace

VectorStream pipelined(QueryState& query, SharedSelection& shared, std::vector<SeriesHead> heads, std::size_t steps,
                       RowMakers makers) {
  VectorStream out;
  auto pipeline = std::make_shared<RowPipeline>(query, shared, heads.size(), steps, std::move(makers));
  out.heads = std::move(heads);
  out.fill = [pipeline = std::move(pipeline)](std::size_t series, Row& row) { pipeline->fill(series, row); };
  return out;
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
