// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/pacing_rules.hpp>
#include <bellwether/result.hpp>

BELLWETHER_NAMESPACE_BEGIN

using std::chrono::nanoseconds;

PacingRules::PacingRules(std::vector<PacingRule> rules, const Clock& clock)
    : rules_(std::move(rules)), clock_(clock), windows_(rules_.size()) {
  for (const PacingRule& rule : rules_) {
    if (rule.limit < 1 || rule.window <= nanoseconds{0}) {
      throw Exception(Error{"pacing rule \"" + rule.name + "\": limit and window must be positive"});
    }
  }
}

PacingRules::Verdict PacingRules::try_acquire(std::initializer_list<std::string_view> keys) {
  if (keys.size() != rules_.size()) return {false, 0, nanoseconds{-1}};
  const std::scoped_lock lock(mutex_);
  const nanoseconds now = clock_.monotonic();
  forget(now);
  Verdict verdict{true, 0, nanoseconds{0}};
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const auto found = windows_[i].by_key.find(std::string(keys.begin()[i]));
    if (found == windows_[i].by_key.end() || found->second.size() < rules_[i].limit) continue;
    const nanoseconds wait = rules_[i].window - (now - found->second.front());
    if (verdict.permitted || wait > verdict.wait) verdict = {false, i, wait};
  }
  if (!verdict.permitted) return verdict;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    std::string key(keys.begin()[i]);
    windows_[i].by_key[key].push_back(now);
    windows_[i].order.emplace_back(now, std::move(key));
  }
  return verdict;
}

std::size_t PacingRules::remembered() const {
  const std::scoped_lock lock(mutex_);
  std::size_t count = 0;
  for (const Window& window : windows_) count += window.by_key.size();
  return count;
}

void PacingRules::forget(nanoseconds now) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    auto& [by_key, order] = windows_[i];
    while (!order.empty() && now - order.front().first >= rules_[i].window) {
      const auto found = by_key.find(order.front().second);
      found->second.pop_front();
      if (found->second.empty()) by_key.erase(found);
      order.pop_front();
    }
  }
}

BELLWETHER_NAMESPACE_END
