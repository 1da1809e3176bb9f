// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// Answers queries over a file of samples, for differential_test.py.
//   promql_answers generate COUNT SEED           prints queries
//   promql_answers answer SAMPLES < requests     a line "I TIME QUERY" or "R START END STEP QUERY" (milliseconds): a line of JSON
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "promql/engine.hpp"
#include "promql/query_generator.hpp"
#include "promql/query_threads.hpp"
#include "promql/series_notation.hpp"
#include "promql/store_source.hpp"
#include "storage/series_store.hpp"

namespace bellwether::promql {
namespace {

std::string quoted_json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string number(double value) {
  char text[40];
  std::snprintf(text, sizeof(text), "\"%.17g\"", value);
  return text;
}

std::string to_json(const QueryResult& result) {
  if (!result) return "{\"error\":" + quoted_json(result.error) + "}";
  std::string out = "{\"series\":[";
  if (result.type == ValueType::scalar) {
    out += "[{},[[" + std::to_string(result.time) + "," + number(result.scalar) + "]]]";
  }
  bool first = true;
  for (const ResultSeries& series : result.series) {
    out += first ? "[{" : ",[{";
    first = false;
    for (std::size_t i = 0; i < series.labels.size(); ++i) {
      out += (i > 0 ? "," : "") + quoted_json(series.labels[i].name) + ":" + quoted_json(series.labels[i].value);
    }
    out += "},[";
    bool first_point = true;
    for (const ResultPoint& point : series.points) {
      out += (std::exchange(first_point, false) ? "[" : ",[") + std::to_string(point.time) + "," + number(point.value) +
             "]";
    }
    out += "]]";
  }
  return out + "]}";
}

/// Lines `name{labels} value seconds`.
void load(storage::SeriesStore& store, const std::string& path) {
  std::ifstream file(path);
  std::map<std::string, storage::SeriesRef> known;
  storage::Appender appender = store.appender();
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t end = line.rfind(' ');
    const std::size_t middle = line.rfind(' ', end - 1);
    const std::string name = line.substr(0, middle);
    auto place = known.find(name);
    if (place == known.end()) {
      std::vector<storage::LabelView> labels;
      const OwnedLabels owned = parse_series_line(name).labels;
      for (const auto& [label, value] : owned) labels.push_back({label, value});
      const auto set = storage::LabelSet::make(labels);
      place = known.emplace(name, store.find_or_add(set.value()).value()).first;
    }
    const double value = parse_test_number(line.substr(middle + 1, end - middle - 1)).value();
    const auto time = static_cast<std::int64_t>(std::llround(std::stod(line.substr(end + 1)) * 1000));
    appender.append(place->second, time, value);
    if (appender.size() >= 10'000) (void)appender.commit();
  }
  (void)appender.commit();
}

int answer(const std::string& samples) {
  std::string folder = std::filesystem::temp_directory_path() / "bellwether_answers_XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  {
    storage::StoreOptions options;
    options.directory = folder;
    options.background = false;
    options.full_sync = false;
    options.retention = std::chrono::milliseconds{0};
    options.out_of_order_window = std::chrono::hours{24 * 365 * 10};
    auto store = storage::SeriesStore::open(options);
    if (!store) {
      std::cerr << store.error().message << '\n';
      return 1;
    }
    load(**store, samples);
    const StoreSource source((*store)->querier());
    EngineOptions with_threads;
    with_threads.threads = std::make_shared<QueryThreads>(2, std::chrono::nanoseconds{0});
    const Engine engine(with_threads);
    for (std::string line; std::getline(std::cin, line);) {
      std::istringstream words(line);
      std::string kind;
      std::int64_t start = 0;
      std::int64_t end = 0;
      std::int64_t step = 0;
      words >> kind >> start;
      if (kind == "R") words >> end >> step;
      std::string query;
      std::getline(words >> std::ws, query);
      std::cout << to_json(kind == "R" ? engine.query_range(source, query, start, end, step)
                                       : engine.query_instant(source, query, start))
                << std::endl;
    }
  }
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace bellwether::promql

int main(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "generate" && argc == 4) {
    bellwether::promql_test::QuerySettings settings;
    settings.odd_spelling = false;
    settings.depth = 3;
    settings.counters = {"requests_total", "errors_total"};
    bellwether::promql_test::QueryGenerator queries(std::stoull(argv[3]), settings);
    for (int i = std::stoi(argv[2]); i > 0; --i) std::cout << queries.next() << '\n';
    return 0;
  }
  if (command == "answer" && argc == 3) return bellwether::promql::answer(argv[2]);
  std::cerr << "promql_answers generate COUNT SEED | answer SAMPLES\n";
  return 2;
}
