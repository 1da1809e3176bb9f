// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
//
// Random sequences against a reference that keeps every call and recounts them each time.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

#include "tests/resilience/breaker_test.hpp"

namespace bellwether {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

struct ModelPermit {
  unsigned epoch;
  bool used = false;
};

class ModelBreaker {
 public:
  ModelBreaker(const CircuitBreakerOptions& options, const Clock& clock) : options_(options), clock_(clock) {}

  std::optional<unsigned> acquire() {
    time_out();
    if (state == BreakerState::open && clock_.monotonic() >= open_until_) enter(BreakerState::half_open);
    if (state == BreakerState::closed) return epoch_;
    if (state != BreakerState::half_open) return std::nullopt;
    if (out_ + answers_.size() >= options_.half_open_calls) return std::nullopt;
    if (out_++ == 0) sign_ = clock_.monotonic();
    return epoch_;
  }

  void ignore(unsigned epoch) {
    if (epoch_of_half_open(epoch)) {
      --out_;
      sign_ = clock_.monotonic();
    }
  }

  void answer(unsigned epoch, bool failed, bool slow) {
    if (state == BreakerState::half_open && !epoch_of_half_open(epoch)) return;
    if (epoch != epoch_) return;
    row_ = failed ? row_ + 1 : 0;
    answers_.push_back({clock_.monotonic(), failed, slow});
    if (state == BreakerState::half_open) {
      --out_;
      sign_ = clock_.monotonic();
    }
    judge();
  }

  void close() { row_ = 0, opens_ = 0, enter(BreakerState::closed); }
  void trip() { enter(BreakerState::open); }
  std::size_t out() const { return state == BreakerState::half_open ? out_ : 0; }

  BreakerState state = BreakerState::closed;

 private:
  struct Answer {
    nanoseconds at;
    bool failed;
    bool slow;
  };

  bool epoch_of_half_open(unsigned epoch) {
    time_out();
    return state == BreakerState::half_open && epoch == epoch_;
  }

  void time_out() {
    if (state == BreakerState::half_open && out_ > 0 && clock_.monotonic() >= sign_ + options_.half_open_timeout)
      trip();
  }

  void judge() {
    const auto now_second = clock_.monotonic() / 1s;
    std::vector<Answer> seen;
    for (auto answer = answers_.rbegin(); answer != answers_.rend(); ++answer) {
      const bool inside =
          state == BreakerState::half_open || (options_.window == CircuitBreakerOptions::Window::count
                                                   ? seen.size() < options_.window_calls
                                                   : answer->at / 1s > now_second - options_.window_time.count());
      if (inside) seen.push_back(*answer);
    }
    const auto failures =
        static_cast<double>(std::count_if(seen.begin(), seen.end(), [](auto& a) { return a.failed; }));
    const auto slow = static_cast<double>(std::count_if(seen.begin(), seen.end(), [](auto& a) { return a.slow; }));
    const bool trial = state == BreakerState::half_open;
    const auto whole = static_cast<double>(trial ? options_.half_open_calls : seen.size());
    std::size_t minimum = options_.minimum_calls;
    if (options_.window == CircuitBreakerOptions::Window::count) minimum = std::min(minimum, options_.window_calls);
    bool bad = options_.consecutive_failures > 0 && row_ >= options_.consecutive_failures;
    if (trial || seen.size() >= minimum) {
      bad = bad || (options_.failure_rate > 0 && failures >= options_.failure_rate * whole);
      bad = bad || (options_.slow_call_rate > 0 && slow >= options_.slow_call_rate * whole);
    }
    if (trial && options_.failure_rate == 0 && failures > 0) bad = true;
    if (bad) return trip();
    if (trial && answers_.size() == options_.half_open_calls) close();
  }

  void enter(BreakerState to) {
    state = to;
    ++epoch_;
    answers_.clear();
    out_ = 0;
    if (to != BreakerState::open) return;
    double time = static_cast<double>(options_.open_time.count());
    for (unsigned i = 0; i < opens_; ++i) time *= options_.open_time_growth;
    ++opens_;
    open_until_ =
        clock_.monotonic() +
        nanoseconds{static_cast<std::int64_t>(std::min(time, static_cast<double>(options_.max_open_time.count())))};
  }

  CircuitBreakerOptions options_;
  const Clock& clock_;
  std::deque<Answer> answers_;
  unsigned epoch_ = 0;
  std::size_t row_ = 0;
  std::size_t out_ = 0;
  unsigned opens_ = 0;
  nanoseconds open_until_{0};
  nanoseconds sign_{0};
};

CircuitBreakerOptions random_options(std::mt19937_64& random, const Clock& clock) {
  const auto pick = [&](auto... values) {
    const std::array list{values...};
    return list[random() % list.size()];
  };
  return {.name = "model",
          .window = pick(CircuitBreakerOptions::Window::count, CircuitBreakerOptions::Window::time),
          .window_calls = static_cast<std::size_t>(pick(1, 3, 10)),
          .window_time = std::chrono::seconds{pick(1, 2, 5)},
          .minimum_calls = static_cast<std::size_t>(pick(1, 4, 20)),
          .failure_rate = pick(0.0, 0.3, 0.5, 1.0),
          .slow_call_rate = pick(0.0, 0.6),
          .slow_call = 100ms,
          .consecutive_failures = static_cast<std::size_t>(pick(2, 3, 5)),
          .open_time = pick(500ms, 3000ms),
          .open_time_growth = 2,
          .max_open_time = 5s,
          .open_time_jitter = 0,
          .half_open_calls = static_cast<std::size_t>(pick(1, 2, 5)),
          .half_open_timeout = 2s,
          .clock = &clock};
}

TEST(BreakerModel, RandomSequencesAgreeWithARecount) {
  struct Held {
    BreakerPermit real;
    unsigned model;
  };
  unsigned transitions = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    std::mt19937_64 random(seed);
    ManualClock clock;
    const CircuitBreakerOptions options = random_options(random, clock);
    CircuitBreaker breaker(options);
    ModelBreaker model(options, clock);
    std::vector<Held> held;
    const unsigned failing = 10 + random() % 80;
    for (int step = 0; step < 150; ++step) {
      const BreakerState before = model.state;
      const unsigned action = random() % 20;
      if (action < 9) {
        BreakerPermit permit = breaker.try_acquire();
        const auto expected = model.acquire();
        ASSERT_EQ(static_cast<bool>(permit), expected.has_value()) << "seed " << seed << " step " << step;
        if (permit) held.push_back({std::move(permit), *expected});
      } else if (action < 17 && !held.empty()) {
        const std::size_t which = random() % 3 == 0 ? random() % held.size() : held.size() - 1;
        Held call = std::move(held[which]);
        held.erase(held.begin() + static_cast<std::ptrdiff_t>(which));
        const bool slow = random() % 5 == 0;
        const auto took = slow ? 100ms : 99ms;
        if (random() % 10 == 0) {
          call.real.ignore();
          model.ignore(call.model);
        } else if (random() % 100 < failing) {
          call.real.failure(took);
          model.answer(call.model, true, slow);
        } else {
          call.real.success(took);
          model.answer(call.model, false, slow);
        }
      } else if (action < 19) {
        clock.advance(std::chrono::milliseconds{random() % 1500});
      } else if (random() % 8 == 0) {
        if (random() % 2 == 0) {
          breaker.close();
          model.close();
        } else if (model.state != BreakerState::open) {
          breaker.trip();
          model.trip();
        }
      }
      ASSERT_EQ(breaker.state(), model.state) << "seed " << seed << " step " << step;
      ASSERT_EQ(breaker.snapshot().half_open_unanswered, model.out()) << "seed " << seed << " step " << step;
      transitions += before != model.state ? 1 : 0;
    }
  }
  EXPECT_GT(transitions, 10'000U) << "the sequences must go somewhere";
}

}  // namespace
}  // namespace bellwether
