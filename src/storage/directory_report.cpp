// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/directory_report.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "storage/day_file.hpp"
#include "storage/log_batch.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

namespace fs = std::filesystem;

/// The log's floats, by series; false where a row is damaged.
bool read_log(const std::vector<Bytes>& rows, std::uint32_t series, std::map<std::uint32_t, FloatColumns>& out,
              std::uint64_t& samples) {
  LogState state;
  for (const Bytes& row : rows) {
    std::vector<LoggedFloat> floats;
    std::vector<LoggedHistogram> histograms;
    if (!decode_log_batch(state, row, series, floats, histograms)) return false;
    samples += floats.size() + histograms.size();
    for (const LoggedFloat& sample : floats) merge_columns(out[sample.series], {{sample.time}, {sample.value}});
  }
  return true;
}

/// Merged ones first: they are the older.
std::vector<std::int64_t> groups_of(std::uint64_t series) {
  std::vector<std::int64_t> out;
  for (std::uint64_t i = 0; i < series; i += merged_block_series) {
    out.push_back(merged_group(static_cast<std::uint32_t>(i)));
  }
  for (std::uint64_t i = 0; i < series; i += block_series) out.push_back(sealed_group(static_cast<std::uint32_t>(i)));
  return out;
}

void look_at_blocks(DayReader& reader, DayReport& report, bool deep) {
  for (const std::int64_t group : groups_of(report.series)) {
    const auto rows = reader.blocks(group, INT64_MIN, INT64_MAX);
    if (!rows) {
      report.problems.push_back(rows.error().message);
      return;
    }
    report.blocks += rows->size();
    if (!deep) continue;
    for (const BlockRow& row : *rows) {
      const auto block = reader.block(row.id);
      bool good = block && block->has_value();
      if (good) {
        for (const Block::Entry& entry : (*block)->entries()) {
          FloatColumns columns;
          std::vector<HistogramSample> histograms;
          good = good && entry.series < report.series && (*block)->read(entry.series, INT64_MIN, INT64_MAX, columns) &&
                 (*block)->read(entry.series, INT64_MIN, INT64_MAX, histograms);
        }
      }
      if (!good) report.problems.push_back("block " + std::to_string(row.id) + " is damaged");
    }
  }
}

}  // namespace

Result<std::vector<std::string>> DirectoryReport::files() const {
  std::vector<std::string> out;
  std::error_code code;
  for (fs::directory_iterator each(directory_, code), end; !code && each != end; each.increment(code)) {
    if (day_of_file_name(each->path().filename().string())) out.push_back(each->path().string());
  }
  if (code) return Error{"cannot list " + directory_ + ": " + code.message()};
  std::sort(out.begin(), out.end());
  return out;
}

DayReport DirectoryReport::look(const std::string& path, bool deep) const {
  DayReport report;
  report.path = path;
  for (const char* part : {"", "-wal"}) {
    std::error_code code;
    const std::uintmax_t size = fs::file_size(path + part, code);
    if (!code) report.bytes += size;
  }
  FileFault fault = FileFault::none;
  auto reader = DayReader::open(path, {}, fault);
  if (!reader) {
    report.problems.push_back(reader.error().message);
    return report;
  }
  DayReader& day = **reader;
  if (deep) {
    const Result<std::int64_t> good =
        day.file().number_of("SELECT count(*)=1 AND min(integrity_check)='ok' FROM pragma_integrity_check");
    if (!good) report.problems.push_back(good.error().message);
    if (good && *good != 1) report.problems.emplace_back("SQLite's integrity_check finds damage");
  }
  const auto series = day.series();
  if (!series) {
    report.problems.push_back(series.error().message);
    return report;
  }
  report.series = series->size();
  if (const auto samples = day.file().number_of("SELECT coalesce(sum(samples),0) FROM block")) {
    report.block_samples = static_cast<std::uint64_t>(*samples);
  }
  look_at_blocks(day, report, deep);
  if (const auto rows = day.log()) {
    report.log_rows = rows->size();
    std::map<std::uint32_t, FloatColumns> ignored;
    if (!read_log(*rows, static_cast<std::uint32_t>(report.series), ignored, report.log_samples)) {
      report.problems.emplace_back("a row of the log is damaged");
    }
  } else {
    report.problems.push_back(rows.error().message);
  }
  return report;
}

Result<void> DirectoryReport::dump(const std::string& path, const std::vector<Matcher>& matchers,
                                   const Row& row) const {
  FileFault fault = FileFault::none;
  auto reader = DayReader::open(path, {}, fault);
  if (!reader) return reader.error();
  if (Result<void> held = (*reader)->hold(); !held) return held;
  const auto series = (*reader)->series();
  if (!series) return series.error();
  const auto log_rows = (*reader)->log();
  if (!log_rows) return log_rows.error();
  std::map<std::uint32_t, FloatColumns> log;
  std::uint64_t samples = 0;
  const bool log_is_good = read_log(*log_rows, static_cast<std::uint32_t>(series->size()), log, samples);
  for (std::uint32_t id = 0; id < series->size(); ++id) {
    const LabelSet& labels = (*series)[id];
    const bool wanted = std::all_of(matchers.begin(), matchers.end(), [&](const Matcher& matcher) {
      return matcher.matches(labels.value(matcher.name()));
    });
    if (!wanted) continue;
    FloatColumns rows;
    for (const std::int64_t group : {merged_group(id), sealed_group(id)}) {
      const auto blocks = (*reader)->blocks(group, INT64_MIN, INT64_MAX);
      if (!blocks) return blocks.error();
      for (const BlockRow& each : *blocks) {
        const auto block = (*reader)->block(each.id);
        FloatColumns more;
        if (block && *block && (*block)->read(id, INT64_MIN, INT64_MAX, more)) merge_columns(rows, more);
      }
    }
    merge_columns(rows, log[id]);
    for (std::size_t i = 0; i < rows.times.size(); ++i) row(labels, rows.times[i], rows.values[i]);
  }
  if (!log_is_good) return Error{path + ": a row of the log is damaged; what follows it is missing"};
  return {};
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
