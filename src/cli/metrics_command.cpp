// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/metrics_command.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "cli/metric_catalogue.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

struct MetricsArguments {
  std::vector<std::string> packs;
  std::vector<std::string> check;
  std::vector<std::string> update;
};

Result<std::string> table_of(const std::string& pack) {
  const auto entries = catalogue_of(pack);
  if (!entries) return entries.error();
  return markdown_table(*entries);
}

struct Page {
  std::string has;
  std::string should_have;
};

/// A page is named after its pack: docs/packs/levibot.md.
Result<Page> read_page(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) return Error{path + ": cannot be read"};
  Page page{{std::istreambuf_iterator<char>{in}, {}}, {}};
  const auto table = table_of(std::filesystem::path{path}.stem().string());
  if (!table) return Error{path + ": " + table.error().message + " (a page is named after its pack)"};
  auto text = page_with_table(page.has, *table);
  if (!text) return Error{path + ": " + text.error().message};
  page.should_have = *std::move(text);
  return page;
}

int complain(const Error& error) {
  fmt::print(stderr, "bellwether metrics: {}\n", error.message);
  return 1;
}

int check(const std::string& path) {
  const auto page = read_page(path);
  if (!page) return complain(page.error());
  const std::string difference = first_difference(page->has, page->should_have);
  if (difference.empty()) return 0;
  fmt::print("{}: {}\nrun: bellwether metrics --update {}\n", path, difference, path);
  return 1;
}

int update(const std::string& path) {
  const auto page = read_page(path);
  if (!page) return complain(page.error());
  if (page->has == page->should_have) return 0;
  std::ofstream out{path, std::ios::binary};
  out << page->should_have << std::flush;
  return out ? 0 : complain(Error{path + ": cannot be written"});
}

int print(const std::vector<std::string>& packs) {
  for (const std::string& pack : packs.empty() ? pack_names() : packs) {
    const auto table = table_of(pack);
    if (!table) return complain(table.error());
    fmt::print("## {}\n\n{}\n", pack, *table);
  }
  return 0;
}

int run(const MetricsArguments& arguments) {
  int status = 0;
  for (const std::string& path : arguments.update) status |= update(path);
  for (const std::string& path : arguments.check) status |= check(path);
  if (arguments.update.empty() && arguments.check.empty()) status = print(arguments.packs);
  return status;
}

}  // namespace

void add_metrics_command(CLI::App& app, int& status) {
  CLI::App* const metrics = app.add_subcommand("metrics", "What the packs measure: names, types, labels, units");
  auto arguments = std::make_shared<MetricsArguments>();
  auto* const packs = metrics->add_option("pack", arguments->packs, "Only these; default: all")->type_name("PACK");
  metrics->add_option("--check", arguments->check, "Pages whose tables must be what the packs register; exit 1 if not")
      ->type_name("FILE")
      ->excludes(packs);
  metrics->add_option("--update", arguments->update, "Pages whose tables to write anew")
      ->type_name("FILE")
      ->excludes(packs);
  metrics->footer(
      "Example:\n"
      "  bellwether metrics levibot\n"
      "  bellwether metrics --check docs/packs/*.md");
  metrics->callback([arguments, &status] { status = run(*arguments); });
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
