// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/ingestion.hpp"

#include <algorithm>
#include <utility>

#include "scrape/histogram_limit.hpp"
#include "scrape/protocols.hpp"
#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

using exposition::Entry;
using exposition::ExpositionReader;

/// One reading of one body.
struct Ingestion::Pass {
  bool is_scrape = true;   ///< else pushed
  bool is_repair = false;  ///< only series that the cache does not know
  std::int64_t time_ms = 0;
  std::size_t scraped = 0;
  std::size_t kept = 0;
  std::size_t added = 0;
  std::size_t refused = 0;
};

/// A series whose text is new. The store learns of it when the whole body has turned out well.
struct Ingestion::NewSeries {
  struct KeptExemplar {
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0;
    std::optional<std::int64_t> timestamp_ms;
  };

  SeriesHash hash;
  bool dropped = false;
  bool is_tracked = false;
  bool is_histogram = false;
  storage::LabelSet labels;
  std::int64_t time_ms = 0;
  double value = 0;
  exposition::NativeHistogramValue histogram;
  std::vector<KeptExemplar> exemplars;
};

Ingestion::Ingestion(const IngestionContext& context, std::shared_ptr<const IngestionSettings> settings,
                     config::Labels labels)
    : context_(context),
      settings_(std::move(settings)),
      metadata_(context_.metadata->add_target(labels)),
      labels_(std::move(labels)),
      report_(context_.extra_metrics),
      appender_(context_.store->appender()) {}

Ingestion::~Ingestion() = default;

IngestionReport Ingestion::ingest(const ScrapeReply& reply) {
  IngestionReport out;
  Pass pass{.is_scrape = true, .time_ms = reply.time_ms};
  newest_ms_ = std::max(newest_ms_, reply.time_ms);
  cache_.begin_scrape();
  report_.find(labels_, *context_.store);
  if (!reply.error.empty()) {
    out.error = reply.error;
    if (reply.too_large) context_.metrics->over_body_limit.inc();
  } else if (Result<void> good = read(pass, reply.content_type, reply.body); !good) {
    out.error = good.error().message;
  }
  if (out.error.empty()) {
    add_new_series(pass);
    cache_.end_scrape([&](storage::SeriesRef ref) { mark(ref, reply.time_ms); });
    metadata_->end();
  } else {
    new_series_.clear();
    appender_.clear();
    cache_.undo_scrape();
    cache_.end_all([&](storage::SeriesRef ref) { mark(ref, reply.time_ms); });
  }
  report(pass, reply, out);
  commit(pass, reply.content_type, out.error.empty() ? reply.body : std::string_view{});
  return out;
}

void Ingestion::report(const Pass& pass, const ScrapeReply& reply, IngestionReport& out) {
  out.scraped = pass.scraped;
  out.kept = pass.kept;
  out.added = pass.added;
  out.duration = context_.clock->monotonic() - reply.started;
  const bool up = out.error.empty();
  (up ? context_.metrics->scrapes_up : context_.metrics->scrapes_down).inc();
  last_report_ = {.up = up ? 1.0 : 0.0,
                  .duration_seconds = std::chrono::duration<double>(out.duration).count(),
                  .scraped = static_cast<double>(pass.scraped),
                  .kept = static_cast<double>(pass.kept),
                  .added = static_cast<double>(pass.added),
                  .timeout_seconds = std::chrono::duration<double>(reply.timeout).count(),
                  .sample_limit = static_cast<double>(settings_->job->limits.samples),
                  .body_bytes = reply.too_large ? -1.0 : static_cast<double>(reply.body.size())};
  report_.append(labels_, *context_.store, appender_, reply.time_ms, last_report_);
}

Result<void> Ingestion::push(std::string_view content_type, std::string_view body, std::int64_t now_ms) {
  Pass pass{.is_scrape = false, .time_ms = now_ms};
  if (Result<void> good = read(pass, content_type, body); !good) {
    new_series_.clear();
    appender_.clear();
    return good;
  }
  add_new_series(pass);
  context_.metrics->pushed.inc(pass.kept);
  const storage::CommitReport done = commit(pass, content_type, body);
  if (done.conflicts.empty() && done.histogram_conflicts.empty()) return {};
  // A scrape, or a change before it in this body, has put another value at the same millisecond. What is pushed is newer than
  // that, and would be lost: these samples once more, a millisecond later. The others are stored already.
  for (const storage::LoggedFloat& sample : done.conflicts) {
    appender_.append(storage::SeriesRef{sample.series}, sample.time + 1, sample.value);
  }
  for (const storage::LoggedHistogram& sample : done.histogram_conflicts) {
    appender_.append(storage::SeriesRef{sample.series}, sample.time + 1, sample.value);
  }
  count(appender_.commit());
  return {};
}

void Ingestion::change(std::shared_ptr<const IngestionSettings> settings) {
  if (!settings->names_series_as(*settings_)) cache_.forget_texts();
  settings_ = std::move(settings);
}

void Ingestion::end(std::int64_t time_ms) {
  const std::int64_t after = newest_ms_ == 0 ? time_ms : std::max(time_ms, newest_ms_ + 1);
  cache_.end_all([&](storage::SeriesRef ref) { mark(ref, after); });
  if (newest_ms_ != 0) report_.append_markers(appender_, after);
  count(appender_.commit());
}

Result<void> Ingestion::read(Pass& pass, std::string_view content_type, std::string_view body) {
  const config::ScrapeConfig& job = *settings_->job;
  auto opened = open_answer(job, content_type, body);
  if (!opened) return opened.error();
  ExpositionReader& reader = **opened;
  const std::uint64_t limit = pass.is_scrape && !pass.is_repair ? job.limits.samples : 0;
  if (pass.is_scrape && !pass.is_repair) metadata_->begin();
  for (;;) {
    const Result<Entry> entry = reader.next();
    if (!entry) return entry.error();
    if (*entry == Entry::end) break;
    if (*entry != Entry::sample && *entry != Entry::histogram) {
      if (pass.is_scrape && !pass.is_repair) take_metadata(reader, *entry);
      continue;
    }
    const bool is_histogram = *entry == Entry::histogram;
    if (is_histogram && !job.scrape_native_histograms) continue;
    ++pass.scraped;
    if (limit > 0 && pass.kept > limit) {  // only counted from here on
      ++pass.kept;
      continue;
    }
    if (Result<void> taken = take_sample(reader, is_histogram, pass); !taken) return taken;
  }
  if (limit > 0 && pass.kept > limit) {
    context_.metrics->over_sample_limit.inc();
    return Error{"sample_limit exceeded: " + std::to_string(pass.kept) + " samples where " + std::to_string(limit) +
                 " are allowed"};
  }
  return {};
}

void Ingestion::take_metadata(const ExpositionReader& reader, Entry entry) {
  if (entry == Entry::help) metadata_->set_help(reader.family(), reader.text());
  if (entry == Entry::type) metadata_->set_type(reader.family(), reader.type());
  if (entry == Entry::unit) metadata_->set_unit(reader.family(), reader.text());
}

Result<void> Ingestion::take_sample(ExpositionReader& reader, bool is_histogram, Pass& pass) {
  const SeriesHash hash = SeriesHash::of(reader.series_key());
  SeriesCache::Entry* const known = cache_.find(hash);
  if (known == nullptr) return take_new(reader, hash, is_histogram, pass);
  if (pass.is_repair) return {};
  if (known->dropped) {
    if (pass.is_scrape && !cache_.is_seen(*known)) cache_.see(*known, false);
    return {};
  }
  ++pass.kept;
  const config::ScrapeConfig& job = *settings_->job;
  const bool has_time = (job.honor_timestamps || !pass.is_scrape) && reader.timestamp_ms().has_value();
  const bool tracked = !has_time || !pass.is_scrape || job.track_timestamps_staleness;
  if (!pass.is_scrape) {
    if (tracked) cache_.track(*known);
  } else if (!cache_.is_seen(*known)) {
    cache_.see(*known, tracked);
  } else if (!has_time) {
    context_.metrics->repeated.inc();
    return {};
  }
  const std::int64_t time = has_time ? *reader.timestamp_ms() : pass.time_ms;
  if (is_histogram) {
    const auto histogram = take_histogram(reader);
    if (!histogram) return histogram.error();
    appender_.append(known->ref, time, **histogram);
  } else {
    appender_.append(known->ref, time, reader.value());
  }
  if (!reader.exemplars().empty()) take_exemplars(reader, known->ref, time);
  return {};
}

Result<const exposition::NativeHistogramValue*> Ingestion::take_histogram(const ExpositionReader& reader) {
  const config::ScrapeConfig& job = *settings_->job;
  if (job.native_histogram_bucket_limit == 0 && !(job.native_histogram_min_bucket_factor > 1)) {
    return &reader.histogram();
  }
  histogram_ = reader.histogram();
  widen_buckets(histogram_, job.native_histogram_min_bucket_factor);
  if (limit_buckets(histogram_, job.native_histogram_bucket_limit)) return &histogram_;
  context_.metrics->over_bucket_limit.inc();
  return Error{"native_histogram_bucket_limit exceeded: a histogram of " + std::string(reader.family()) +
               " has more than " + std::to_string(job.native_histogram_bucket_limit) +
               " buckets even at the coarsest resolution"};
}

Result<void> Ingestion::take_new(ExpositionReader& reader, const SeriesHash& hash, bool is_histogram, Pass& pass) {
  const Result<exposition::SeriesView> series = reader.series();
  if (!series) return series.error();
  NewSeries added;
  added.hash = hash;
  const Result<SampleLabels::Fate> fate = labels_.build(*series, *settings_, added.labels);
  if (!fate) {
    if (labels_.limit_exceeded()) context_.metrics->over_label_limit.inc();
    return fate.error();
  }
  added.dropped = *fate == SampleLabels::Fate::dropped;
  if (!added.dropped) {
    ++pass.kept;
    const config::ScrapeConfig& job = *settings_->job;
    const bool has_time = (job.honor_timestamps || !pass.is_scrape) && reader.timestamp_ms().has_value();
    added.is_tracked = !has_time || !pass.is_scrape || job.track_timestamps_staleness;
    added.time_ms = has_time ? *reader.timestamp_ms() : pass.time_ms;
    added.is_histogram = is_histogram;
    if (is_histogram) {
      const auto histogram = take_histogram(reader);
      if (!histogram) return histogram.error();
      added.histogram = **histogram;
    } else {
      added.value = reader.value();
    }
    for (const exposition::ExemplarView& exemplar : reader.exemplars()) {
      NewSeries::KeptExemplar& kept = added.exemplars.emplace_back();
      for (const auto& label : exemplar.labels) kept.labels.emplace_back(label.name, label.value);
      kept.value = exemplar.value;
      kept.timestamp_ms = exemplar.timestamp_ms;
    }
  }
  new_series_.push_back(std::move(added));
  return {};
}

void Ingestion::take_exemplars(const ExpositionReader& reader, storage::SeriesRef series, std::int64_t time_ms) {
  ExemplarStore& store = *context_.exemplars;
  storage::LabelSet labels;
  if (!store.knows(series)) {
    const std::vector<std::vector<LabelView>> found = context_.store->labels(std::span(&series, 1));
    auto made = found.empty() || found.front().empty() ? Result<storage::LabelSet>(Error{})
                                                       : storage::LabelSet::make(found.front());
    if (!made) return;
    labels = std::move(*made);
  }
  for (const exposition::ExemplarView& exemplar : reader.exemplars()) {
    const auto outcome = store.add(series, &labels, exemplar, time_ms);
    context_.metrics->exemplars[static_cast<std::size_t>(outcome)].inc();
  }
}

void Ingestion::add_new_series(Pass& pass) {
  std::string refusal;
  for (NewSeries& added : new_series_) {
    // Twice in one body: only now there is an entry to see it by.
    if (SeriesCache::Entry* const known = cache_.find(added.hash)) {
      if (known->dropped) continue;
      if (added.is_tracked && pass.is_scrape) {
        context_.metrics->repeated.inc();
        continue;
      }
      if (added.is_histogram) {
        appender_.append(known->ref, added.time_ms, added.histogram);
      } else {
        appender_.append(known->ref, added.time_ms, added.value);
      }
      continue;
    }
    storage::SeriesRef ref;
    if (!added.dropped) {
      const Result<storage::SeriesRef> found = context_.store->find_or_add(added.labels);
      if (!found) {
        ++pass.refused;
        if (refusal.empty()) refusal = found.error().message;
        continue;
      }
      ref = *found;
      ++pass.added;
    }
    SeriesCache::Entry& entry = cache_.add(added.hash, ref, added.dropped);
    if (!pass.is_scrape || pass.is_repair) {
      if (added.is_tracked) cache_.track(entry);
    } else {
      cache_.see(entry, added.is_tracked);
    }
    if (added.dropped) continue;
    if (added.is_histogram) {
      appender_.append(ref, added.time_ms, added.histogram);
    } else {
      appender_.append(ref, added.time_ms, added.value);
    }
    for (const NewSeries::KeptExemplar& kept : added.exemplars) {
      std::vector<LabelView> views;
      for (const auto& [name, value] : kept.labels) views.push_back({name, value});
      const auto outcome =
          context_.exemplars->add(ref, &added.labels, {views, kept.value, kept.timestamp_ms}, added.time_ms);
      context_.metrics->exemplars[static_cast<std::size_t>(outcome)].inc();
    }
  }
  // All series are new once, and few are afterwards: a quarter of a kilobyte for each must not stay.
  new_series_.clear();
  if (new_series_.capacity() > 64) new_series_.shrink_to_fit();
  if (pass.refused > 0) {
    context_.metrics->series_refused.inc(pass.refused);
    if (!refusal_logged_ && context_.log) {
      context_.log("target " + labels_.of_report("up").to_string() + ": " + std::to_string(pass.refused) +
                   " new series are not stored: " + refusal);
    }
  }
  if (pass.is_scrape && !pass.is_repair) refusal_logged_ = pass.refused > 0;
}

storage::CommitReport Ingestion::commit(const Pass& pass, std::string_view content_type, std::string_view body) {
  storage::CommitReport done = appender_.commit();
  count(done);
  if (done.unknown.empty()) return done;
  // The store had forgotten series that were silent for long; they are looked up again, and only they are read again.
  cache_.forget(done.unknown);
  Pass again{.is_scrape = pass.is_scrape, .is_repair = true, .time_ms = pass.time_ms};
  if (!body.empty() && read(again, content_type, body)) add_new_series(again);
  new_series_.clear();
  if (report_.forget(done.unknown)) report_.append(labels_, *context_.store, appender_, pass.time_ms, last_report_);
  storage::CommitReport repaired = appender_.commit();
  count(repaired);
  done.conflicts.insert(done.conflicts.end(), repaired.conflicts.begin(), repaired.conflicts.end());
  for (storage::LoggedHistogram& one : repaired.histogram_conflicts) done.histogram_conflicts.push_back(std::move(one));
  return done;
}

void Ingestion::mark(storage::SeriesRef series, std::int64_t time_ms) {
  appender_.append(series, time_ms, storage::stale_nan());
  context_.metrics->stale_markers.inc();
}

void Ingestion::count(const storage::CommitReport& report) {
  for (std::size_t i = 0; i < storage::outcome_count; ++i) {
    if (report.counts[i] > 0) context_.metrics->samples[i].inc(report.counts[i]);
  }
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
