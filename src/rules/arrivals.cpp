// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "rules/arrivals.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace rules {
namespace {

/// Of each series. All but one of them may overtake a sample that is judged all the same, by the one before it.
constexpr std::size_t remembered = 9;

/// Series of one moment that are told apart: each is held against each alert.
constexpr std::size_t max_told_apart = 256;

}  // namespace

Arrivals::Arrivals(storage::SeriesStore& store, const RuleMetrics& metrics) : store_(store), metrics_(metrics) {
  store_.add_observer(queue_);
}
Arrivals::~Arrivals() {
  store_.remove_observer(queue_);
}

void Arrivals::set_groups(std::vector<std::shared_ptr<RuleGroup>> groups) {
  groups_ = std::move(groups);
  rebuild();
}

void Arrivals::rebuild() {
  ArrivalIndex::Names pushed;
  {
    const std::lock_guard lock(names_mutex_);
    pushed = pushed_;
  }
  index_ = ArrivalIndex(groups_, pushed);
  series_.clear();
  queue_.restart(!index_.empty());
  {
    const std::lock_guard lock(names_mutex_);
    changed_ = pushed_.size() != pushed.size();  // more while the index was made
  }
  metrics_.arrival_rules.set(static_cast<double>(index_.rules().size()));
}

void Arrivals::on_pushed(std::string_view text) {
  bool found = false;
  {
    const std::lock_guard lock(names_mutex_);
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      std::string name = metric_of_line(line);
      // Until `run` has seen to it that the store's commits are followed, further pushes are learnt too.
      if (name.empty() || (pushed_.count(name) > 0 && !changed_)) continue;
      const std::int64_t time_ms = time_of_line(line, 0);
      if (time_ms > 0) learnt_.emplace_back(name, time_ms);
      pushed_.insert(std::move(name));
      changed_ = found = true;
    }
  }
  if (found) queue_.wake();
}

std::size_t Arrivals::run() {
  const std::lock_guard held(run_mutex_);
  Jobs jobs;
  bool changed = false;
  {
    const std::lock_guard lock(names_mutex_);
    changed = changed_;
  }
  if (changed) {
    // What waits was chosen by what was known before; it is judged by what is known now.
    const ArrivalQueue::Batch before = queue_.take();
    rebuild();
    learn_series(before.samples);
    add_jobs(before.samples, jobs);
    add_learnt(jobs);
  }
  const ArrivalQueue::Batch batch = queue_.take();
  if (batch.lost > 0) metrics_.arrivals_lost.inc(batch.lost);
  learn_series(batch.samples);
  add_jobs(batch.samples, jobs);
  return evaluate(jobs);
}

void Arrivals::learn_series(std::span<const ArrivalQueue::Sample> samples) {
  std::vector<storage::SeriesRef> unknown;
  std::set<std::uint32_t> seen;
  for (const ArrivalQueue::Sample& sample : samples) {
    if (series_.count(sample.series) == 0 && seen.insert(sample.series).second) unknown.push_back({sample.series});
  }
  if (unknown.empty()) return;
  const std::vector<std::vector<storage::LabelView>> labels = store_.labels(unknown);
  std::vector<std::uint32_t> ignored;
  for (std::size_t i = 0; i < unknown.size() && i < labels.size(); ++i) {
    std::vector<std::size_t> rules = index_.rules_of(labels[i]);
    if (rules.empty()) {
      ignored.push_back(unknown[i].id);
      continue;
    }
    KnownSeries known;
    known.labels = to_labels(labels[i]);
    known.labels.erase("__name__");
    known.rules = std::move(rules);
    series_.emplace(unknown[i].id, std::move(known));
  }
  queue_.ignore(ignored);
}

void Arrivals::add_jobs(std::span<const ArrivalQueue::Sample> samples, Jobs& jobs) {
  for (const ArrivalQueue::Sample& sample : samples) {
    const auto found = series_.find(sample.series);
    if (found == series_.end()) continue;
    KnownSeries& series = found->second;
    std::vector<Seen>& seen = series.seen;
    const auto next = std::upper_bound(seen.begin(), seen.end(), sample.time_ms,
                                       [](std::int64_t time_ms, const Seen& one) { return time_ms < one.time_ms; });
    const bool is_first = next == seen.begin();
    const bool is_late = next != seen.end();
    if (is_late && (sample.is_histogram || storage::is_stale(sample.value))) continue;
    if (is_late && is_first && seen.size() == remembered) continue;
    if (!is_first && std::prev(next)->time_ms == sample.time_ms) continue;
    const std::uint64_t bits = storage::bits_of(sample.value);
    const bool differs = sample.is_histogram || is_first || std::prev(next)->value_bits != bits;
    const bool as_next = is_late && next->value_bits == bits;
    const bool after_pulse = !is_first && std::prev(next)->is_pulse;
    const bool changes = differs && (!as_next || after_pulse);
    for (std::size_t i = 0; changes && i < series.rules.size(); ++i) {
      bool& begins = jobs[{sample.time_ms, series.rules[i]}].series[sample.series];
      begins = begins || !as_next;
      if (is_late) jobs[{next->time_ms, series.rules[i]}].series.try_emplace(sample.series, false);
    }
    seen.insert(next, {sample.time_ms, bits, is_late && (differs ? changes : after_pulse)});
    if (seen.size() > remembered) seen.erase(seen.begin());
  }
}

void Arrivals::add_learnt(Jobs& jobs) {
  std::vector<std::pair<std::string, std::int64_t>> learnt;
  {
    const std::lock_guard lock(names_mutex_);
    learnt.swap(learnt_);
  }
  std::sort(learnt.begin(), learnt.end());
  learnt.erase(std::unique(learnt.begin(), learnt.end()), learnt.end());
  for (const auto& [name, time_ms] : learnt) {
    const std::vector<std::size_t> rules = index_.rules_of_metric(name);
    if (rules.empty()) continue;
    const std::vector<AlertLabels> series = find_learnt(name, time_ms);
    for (const std::size_t rule : rules) {
      for (const std::int64_t time : {time_ms, time_ms + 1}) {
        std::vector<AlertLabels>& all = jobs[{time, rule}].learnt;
        all.insert(all.end(), series.begin(), series.end());
      }
    }
  }
}

std::vector<AlertLabels> Arrivals::find_learnt(const std::string& name, std::int64_t time_ms) {
  std::vector<AlertLabels> found;
  const auto matcher = storage::Matcher::make(storage::MatchType::equal, "__name__", name);
  if (!matcher) return found;
  // Where a scrape had that very time, the sample lies a millisecond later.
  storage::Selection selection = store_.querier().select({&*matcher, 1}, time_ms, time_ms + 1);
  storage::FloatColumns floats;
  std::vector<storage::HistogramSample> histograms;
  for (std::size_t i = 0; i < selection.size(); ++i) {
    floats.clear();
    histograms.clear();
    selection.read(i, time_ms, time_ms + 1, floats, histograms);
    if (floats.times.empty() && histograms.empty()) continue;
    found.push_back(to_labels(selection.labels(i)));
    found.back().erase("__name__");
  }
  return found;
}

std::size_t Arrivals::evaluate(const Jobs& jobs) {
  std::size_t evaluations = 0;
  std::unordered_map<std::size_t, std::int64_t> last;  // of each rule
  for (const auto& [key, job] : jobs) last[key.second] = key.first;
  for (const auto& [key, job] : jobs) {
    const ArrivalRule& entry = index_.rules()[key.second];
    const RuleGroup& group = *entry.group;
    const RuleReport report = entry.rule->evaluate_arrival(key.first, arrived(job), group.interval(),
                                                           group.definition().limit, key.first != last[key.second]);
    ++evaluations;
    metrics_.arrival_evaluations.inc();
    metrics_.arrival_duration.observe(report.duration);
    if (!report.good) metrics_.arrival_failures.inc();
  }
  return evaluations;
}

std::vector<ArrivedSeries> Arrivals::arrived(const Job& job) const {
  std::vector<ArrivedSeries> all;
  for (const AlertLabels& labels : job.learnt) all.push_back({&labels, true});
  for (const auto& [id, begins] : job.series) all.push_back({&series_.at(id).labels, begins});
  if (!all.empty() && all.size() <= max_told_apart) return all;
  const bool begins =
      all.empty() || std::any_of(all.begin(), all.end(), [](const ArrivedSeries& one) { return one.begins; });
  return {{nullptr, begins}};
}

std::string metric_of_line(std::string_view line) {
  if (line.empty() || line[0] == '#') return {};
  if (line[0] != '{') return std::string(line.substr(0, line.find_first_of("{ \t")));
  std::string name;  // {"utf-8 name",label="value"} 1
  if (line.size() < 2 || line[1] != '"') return {};
  for (std::size_t i = 2; i < line.size() && line[i] != '"'; ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) ++i;
    name += line[i];
  }
  return name;
}

std::int64_t time_of_line(std::string_view line, std::int64_t otherwise) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
  const std::size_t space = line.find_last_of(" \t");
  if (space == std::string_view::npos) return otherwise;
  std::int64_t time = 0;
  const std::string_view last = line.substr(space + 1);
  if (last.size() < 10 || last.size() > 18) return otherwise;  // the value, without a time
  for (const char c : last) {
    if (c < '0' || c > '9') return otherwise;
    time = time * 10 + (c - '0');
  }
  return time;
}

}  // namespace rules
BELLWETHER_NAMESPACE_END
