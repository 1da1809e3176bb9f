// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/watch_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/desk_options.hpp"
#include "cli/watch.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

/// As the user wrote them.
struct WatchArguments {
  WatchOptions options;
  std::string debounce = "300ms";
  std::string timeout = "10m";
  bool no_default_exclude = false;
};

std::chrono::nanoseconds duration(const std::string& text, const char* option) {
  const auto parsed = parse_time_span(text);
  if (!parsed) throw CLI::ValidationError(option, parsed.error().message);
  return *parsed;
}

WatchOptions options_from(const WatchArguments& arguments) {
  WatchOptions options = arguments.options;
  options.filter.default_excludes = !arguments.no_default_exclude;
  options.watcher.debounce = duration(arguments.debounce, "--debounce");
  options.watcher.run.timeout = duration(arguments.timeout, "--timeout");
  const std::string& url = options.report_to;
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://")) {
    throw CLI::ValidationError("--report-to", "'" + url + "' is no URL; it begins with http:// or https://");
  }
  return options;
}

}  // namespace

void add_watch_command(CLI::App& app, int& status) {
  CLI::App* const watch = app.add_subcommand("watch", "Run a command whenever files change, and export how it went");
  auto arguments = std::make_shared<WatchArguments>();
  WatchOptions& options = arguments->options;
  const auto many = [](CLI::Option* option, const char* type) {
    option->type_name(type)->allow_extra_args(false)->take_all();
  };
  many(watch->add_option("--path", options.paths, "Directory to watch, with all below; again for more. Default: here"),
       "DIR");
  many(watch->add_option("--include", options.filter.include, "Only files that match; again for more"), "GLOB");
  many(watch->add_option("--exclude", options.filter.exclude, "No files or directories that match; again for more"),
       "GLOB");
  watch->add_flag("--no-default-exclude", arguments->no_default_exclude,
                  fmt::format("Do not leave out {}", fmt::join(automation::PathFilter::default_excludes(), " ")));
  watch->add_option("--debounce", arguments->debounce, "Run when nothing changed for so long")
      ->type_name("TIME")
      ->capture_default_str();
  watch->add_option("--timeout", arguments->timeout, "End a run that takes longer, with all processes it started")
      ->type_name("TIME")
      ->capture_default_str();
  watch
      ->add_option("--junit", options.watcher.run.junit_file,
                   "JUnit XML that the command writes: its test cases are counted. Without it a run is one test")
      ->type_name("FILE");
  watch->add_flag("--run-at-start", options.watcher.run_at_start, "Run once before anything changes");
  watch
      ->add_option("--report-to", options.report_to,
                   "POST each run there as JSON; keys, comma separated, in BELLWETHER_REPORT_KEYS")
      ->type_name("URL");
  watch->add_option("--port", options.port, "Port on 127.0.0.1; 0 takes a free one")
      ->type_name("PORT")
      ->capture_default_str();
  watch
      ->add_option("command", options.watcher.run.command,
                   "What to run; {} stands for the changed files, as does BELLWETHER_CHANGED_FILES")
      ->type_name("COMMAND...")
      ->required();
  watch->footer(
      "Example:\n"
      "  bellwether watch --path src --path tests --include '*.?pp' --junit build/results.xml -- \\\n"
      "    ctest --test-dir build --output-junit results.xml\n"
      "  curl http://127.0.0.1:8000/metrics");
  watch->callback([arguments, &status] { status = run_watch(options_from(*arguments)); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
