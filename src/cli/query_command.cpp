// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/query_command.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <bellwether/clock.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "api/parameters.hpp"
#include "base/duration.hpp"
#include "cli/monitor_login.hpp"
#include "cli/query_client.hpp"
#include "cli/query_output.hpp"
#include "promql/parser.hpp"
#include "promql/printer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

struct QueryArguments {
  QueryPlace place;
  std::string expression;
  std::string label;
  std::vector<std::string> selectors;
  std::string time = "now";
  std::string start = "-1h";
  std::string end = "now";
  std::string step;
  QueryFormat format = QueryFormat::table;
  bool one_line = false;
};

int say(const std::string& problem) {
  fmt::print(stderr, "bellwether: {}\n", problem);
  return 1;
}

/// "now", "now-5m", "-5m", or what the API takes. Milliseconds.
Result<std::int64_t> read_time(const std::string& text) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::system().wall()).count();
  std::string_view rest = text;
  if (rest.starts_with("now")) rest.remove_prefix(3);
  if (rest.empty()) return now;
  if (rest.front() == '-') {
    const auto back = parse_duration(rest.substr(1));
    if (back) return now - back->count();
  }
  if (const auto time = api::parse_time(text)) return *time;
  return Error{"\"" + text + "\" is no time: now, -1h, 2026-11-20T12:00:00Z or seconds since 1970 are"};
}

std::string seconds(std::int64_t milliseconds) {
  return fmt::format("{:.3f}", static_cast<double>(milliseconds) / 1e3);
}

int ask(const QueryArguments& arguments, const std::string& resource, const std::vector<net::Field>& parameters) {
  const auto answer = ask_api(arguments.place, resource, parameters);
  if (!answer) return say(answer.error().message);
  const auto output = show_answer(*answer, arguments.format);
  if (!output) return say(output.error().message);
  for (const std::string& remark : output->remarks) fmt::print(stderr, "{}\n", remark);
  fmt::print("{}", output->text);
  return 0;
}

int instant(const QueryArguments& arguments) {
  const auto time = read_time(arguments.time);
  if (!time) return say(time.error().message);
  return ask(arguments, "query", {{"query", arguments.expression}, {"time", seconds(*time)}});
}

int range(const QueryArguments& arguments) {
  const auto start = read_time(arguments.start);
  if (!start) return say(start.error().message);
  const auto end = read_time(arguments.end);
  if (!end) return say(end.error().message);
  constexpr std::int64_t columns = 60;
  const std::int64_t own = std::max<std::int64_t>(1000, (*end - *start) / columns / 1000 * 1000);
  const std::string step = arguments.step.empty() ? seconds(own) : arguments.step;
  return ask(arguments, "query_range",
             {{"query", arguments.expression}, {"start", seconds(*start)}, {"end", seconds(*end)}, {"step", step}});
}

/// Both lists: selectors and times narrow them down.
int list(const QueryArguments& arguments, const std::string& resource) {
  std::vector<net::Field> parameters;
  for (const std::string& selector : arguments.selectors) parameters.emplace_back("match[]", selector);
  const auto start = read_time(arguments.start);
  if (!start) return say(start.error().message);
  const auto end = read_time(arguments.end);
  if (!end) return say(end.error().message);
  parameters.emplace_back("start", seconds(*start));
  parameters.emplace_back("end", seconds(*end));
  return ask(arguments, resource, parameters);
}

int format(const QueryArguments& arguments) {
  const auto tree = promql::parse(arguments.expression);
  if (!tree) return say(tree.error().message);
  fmt::print("{}\n", arguments.one_line ? promql::print(**tree) : promql::print_pretty(**tree));
  return 0;
}

using ArgumentsPtr = std::shared_ptr<QueryArguments>;

void add_place(CLI::App& command, const ArgumentsPtr& arguments) {
  auto* const url =
      command.add_option("--url", arguments->place.url, "A monitor's or a Prometheus's")->capture_default_str();
  command.add_option("--data", arguments->place.directory, "A data directory that no monitor is running on")
      ->type_name("DIR")
      ->excludes(url);
  add_login_option(command, arguments->place.http_config);
}

void add_format(CLI::App& command, const ArgumentsPtr& arguments) {
  const std::map<std::string, QueryFormat> formats{{"table", QueryFormat::table},
                                                   {"csv", QueryFormat::csv},
                                                   {"json", QueryFormat::json},
                                                   {"chart", QueryFormat::chart}};
  command.add_option("--format", arguments->format, "table, csv, json or chart")
      ->transform(CLI::CheckedTransformer(formats, CLI::ignore_case).description(""));
}

void add_span(CLI::App& command, const ArgumentsPtr& arguments) {
  command.add_option("--start", arguments->start, "now-6h, -6h, 2026-11-20T12:00:00Z, seconds since 1970")
      ->capture_default_str();
  command.add_option("--end", arguments->end, "The same")->capture_default_str();
}

CLI::App* add(CLI::App& parent, const char* name, const char* what, const char* examples) {
  CLI::App* const command = parent.add_subcommand(name, what);
  command->footer(examples);
  return command;
}

}  // namespace

void add_query_command(CLI::App& app, int& status) {
  CLI::App* const query = app.add_subcommand("query", "Put PromQL to a monitor, a Prometheus, or a data directory");
  query->require_subcommand(1);
  auto arguments = std::make_shared<QueryArguments>();

  CLI::App* const one = add(*query, "instant", "The values at one moment",
                            "Examples:\n"
                            "  bellwether query instant 'sum by (venue) (rate(orders_total[5m]))'\n"
                            "  bellwether query instant up --time -10m --format csv\n"
                            "  bellwether query instant up --data ./data --format json\n"
                            "  bellwether query instant up --url https://monitor:9090 --http.config.file login.yml\n");
  one->add_option("QUERY", arguments->expression, "PromQL")->required();
  one->add_option("--time", arguments->time, "now, -10m, 2026-11-20T12:00:00Z, seconds since 1970")
      ->capture_default_str();
  add_place(*one, arguments);
  add_format(*one, arguments);
  one->callback([arguments, &status] { status = instant(*arguments); });

  CLI::App* const many = add(*query, "range", "The values over a time, as a chart unless told otherwise",
                             "Examples:\n"
                             "  bellwether query range 'rate(orders_total[5m])' --start -6h --step 1m\n"
                             "  bellwether query range up --format csv > up.csv\n");
  many->add_option("QUERY", arguments->expression, "PromQL")->required();
  add_span(*many, arguments);
  many->add_option("--step", arguments->step, "15s, 1m; else a sixtieth of the time")->type_name("DURATION");
  add_place(*many, arguments);
  add_format(*many, arguments);
  many->callback([arguments, many, &status] {
    if (many->get_option("--format")->count() == 0) arguments->format = QueryFormat::chart;
    status = range(*arguments);
  });

  CLI::App* const labels = add(*query, "labels", "Names of labels, or the values of one",
                               "Examples:\n"
                               "  bellwether query labels\n"
                               "  bellwether query labels venue --match orders_total\n");
  labels->add_option("LABEL", arguments->label, "Whose values");
  labels->add_option("--match", arguments->selectors, "Only of these series")->type_name("SELECTOR");
  add_span(*labels, arguments);
  add_place(*labels, arguments);
  add_format(*labels, arguments);
  labels->callback([arguments, &status] {
    status = list(*arguments, arguments->label.empty() ? "labels" : "label/" + arguments->label + "/values");
  });

  CLI::App* const series = add(*query, "series", "The series that selectors match",
                               "Example:\n  bellwether query series 'orders_total{venue=\"ibkr\"}' --start -1d\n");
  series->add_option("SELECTOR", arguments->selectors, "One or more")->required();
  add_span(*series, arguments);
  add_place(*series, arguments);
  add_format(*series, arguments);
  series->callback([arguments, &status] { status = list(*arguments, "series"); });

  CLI::App* const formatting = add(*query, "format", "Print PromQL laid out, or say where it is wrong",
                                   "Example:\n  bellwether query format 'sum(rate(x[60s]))by(venue)'\n");
  formatting->add_option("QUERY", arguments->expression, "PromQL")->required();
  formatting->add_flag("--one-line", arguments->one_line, "However long it is");
  formatting->callback([arguments, &status] { status = format(*arguments); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
