// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/storage_command.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "storage/directory_report.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

struct StorageArguments {
  std::string directory = "./data";
  std::string metric;
};

int say(const std::string& problem) {
  fmt::print(stderr, "bellwether: {}\n", problem);
  return 1;
}

int look(const StorageArguments& arguments, bool deep) {
  const storage::DirectoryReport directory(arguments.directory);
  const auto files = directory.files();
  if (!files) return say(files.error().message);
  if (files->empty()) return say("no day in " + arguments.directory);
  int status = 0;
  for (const std::string& path : *files) {
    const storage::DayReport day = directory.look(path, deep);
    const std::uint64_t samples = day.block_samples + day.log_samples;
    fmt::print("{}: {} series, {} samples in {} blocks, {} in {} rows of the log, {} bytes, {:.2f} bytes a sample{}\n",
               day.path, day.series, day.block_samples, day.blocks, day.log_samples, day.log_rows, day.bytes,
               samples == 0 ? 0.0 : static_cast<double>(day.bytes) / static_cast<double>(samples),
               day.problems.empty() ? (deep ? ", sound" : "") : "");
    for (const std::string& problem : day.problems) {
      fmt::print("  PROBLEM: {}\n", problem);
      status = 1;
    }
  }
  return status;
}

int dump(const StorageArguments& arguments) {
  const storage::DirectoryReport directory(arguments.directory);
  const auto files = directory.files();
  if (!files) return say(files.error().message);
  std::vector<storage::Matcher> matchers;
  if (!arguments.metric.empty()) {
    auto matcher = storage::Matcher::make(storage::MatchType::regex, "__name__", arguments.metric);
    if (!matcher) return say(matcher.error().message);
    matchers.push_back(std::move(*matcher));
  }
  int status = 0;
  for (const std::string& path : *files) {
    const auto dumped =
        directory.dump(path, matchers, [](const storage::LabelSet& labels, std::int64_t time, double value) {
          fmt::print("{} {} {}\n", labels.to_string(), value, time);
        });
    if (!dumped) status = say(dumped.error().message);
  }
  return status;
}

}  // namespace

void add_storage_command(CLI::App& app, int& status) {
  CLI::App* const storage = app.add_subcommand("storage", "Look at a data directory; the monitor may be running on it");
  storage->require_subcommand(1);
  auto arguments = std::make_shared<StorageArguments>();
  const auto add = [&](const char* name, const char* what) {
    CLI::App* const command = storage->add_subcommand(name, what);
    command->add_option("DIR", arguments->directory, "The data directory")->capture_default_str();
    return command;
  };
  add("check", "Read every byte of every day, and say what is damaged")->callback([arguments, &status] {
    status = look(*arguments, true);
  });
  add("stats", "Series, samples, blocks and bytes of each day")->callback([arguments, &status] {
    status = look(*arguments, false);
  });
  CLI::App* const dumping = add("dump", "Print samples: labels, value, milliseconds since the epoch");
  dumping->add_option("--metric", arguments->metric, "Only metrics whose whole name matches")->type_name("REGEX");
  dumping->callback([arguments, &status] { status = dump(*arguments); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
