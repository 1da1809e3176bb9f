// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/process_metrics.hpp>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <optional>
#include <random>
#include <string>

#include "tests/metrics/proc_tree.hpp"

namespace bellwether {
namespace {

using test::ProcTree;
using test::scraped;

constexpr const char* limits =
    "Limit                     Soft Limit           Hard Limit           Units     \n"
    "Max cpu time              unlimited            unlimited            seconds   \n"
    "Max open files            1024                 1048576              files     \n"
    "Max address space         unlimited            unlimited            bytes     \n";

std::string stat_of(const std::string& name) {
  return "4321 (" + name +
         ") S 1 4321 4321 0 -1 4194304 1500 0 3 0 250 50 0 0 20 0 7 0 12300 104857600 2560 18446744073709551615 1 1 "
         "0\n";
}

class ProcessMetrics : public ::testing::Test {
 protected:
  ProcessMetrics() {
    tree.write("self/stat", stat_of("engine"));
    tree.write("self/limits", limits);
    tree.write("stat", "cpu  1 2 3\nintr 5\nbtime 1700000000\nprocesses 9\n");
    for (const char* descriptor : {"0", "1", "2", "17"}) tree.write(std::string("self/fd/") + descriptor, "");
  }

  std::optional<double> value(std::string_view name) { return scraped(registry).value(name); }
  std::optional<double> errors() { return value("bellwether_collector_errors_total"); }

  ProcTree tree;
  Registry registry;
  Collector collector = add_process_metrics(registry, tree.path()).value();
  const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
};

TEST_F(ProcessMetrics, tells_what_proc_holds) {
  EXPECT_DOUBLE_EQ(value("process_cpu_seconds_total").value(), 300 / ticks);
  EXPECT_EQ(value("process_threads"), 7.0);
  EXPECT_EQ(value("process_virtual_memory_bytes"), 104857600.0);
  EXPECT_EQ(value("process_resident_memory_bytes"), 2560.0 * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  EXPECT_DOUBLE_EQ(value("process_start_time_seconds").value(), 1700000000 + 12300 / ticks);
  EXPECT_EQ(value("process_open_fds"), 4.0);
  EXPECT_EQ(value("process_max_fds"), 1024.0);
  EXPECT_EQ(value("process_virtual_memory_max_bytes"), std::ldexp(1.0, 64));
  EXPECT_EQ(errors(), 0.0);
}

TEST_F(ProcessMetrics, reads_anew_at_each_scrape) {
  EXPECT_EQ(value("process_open_fds"), 4.0);
  tree.write("self/fd/18", "");
  EXPECT_EQ(value("process_open_fds"), 5.0);
}

TEST_F(ProcessMetrics, is_not_led_astray_by_the_name_of_the_program) {
  for (const char* name :
       {"a) R 1", "((()))", "a b  c", ") S 1 2 3 4 5 6 7 8 9 10 11 12", "", "new\nline) Z 9", "\xff\xfe\x01"}) {
    tree.write("self/stat", stat_of(name));
    EXPECT_EQ(value("process_threads"), 7.0) << name;
    EXPECT_DOUBLE_EQ(value("process_cpu_seconds_total").value(), 300 / ticks) << name;
  }
}

TEST_F(ProcessMetrics, leaves_out_what_a_missing_file_would_tell) {
  std::filesystem::remove(tree.path() + "/self/limits");
  std::filesystem::remove_all(tree.path() + "/self/fd");
  std::filesystem::remove(tree.path() + "/stat");
  EXPECT_EQ(value("process_max_fds"), std::nullopt);
  EXPECT_EQ(value("process_open_fds"), std::nullopt);
  EXPECT_EQ(value("process_start_time_seconds"), std::nullopt);
  EXPECT_EQ(value("process_threads"), 7.0);
  std::filesystem::remove_all(tree.path() + "/self");
  EXPECT_EQ(value("process_threads"), std::nullopt);
  EXPECT_EQ(scraped(registry).family("process_threads"), nullptr) << "nor an empty family";
  EXPECT_EQ(errors(), 0.0);
}

TEST_F(ProcessMetrics, takes_what_stands_before_the_cut_of_a_truncated_file) {
  const std::string stat = stat_of("engine");
  for (std::size_t size = 0; size < stat.size(); ++size) {
    tree.write("self/stat", std::string_view(stat).substr(0, size));
    const auto metrics = scraped(registry);
    EXPECT_EQ(metrics.value("process_open_fds"), 4.0);
    EXPECT_EQ(metrics.value("bellwether_collector_errors_total"), 0.0);
  }
}

TEST_F(ProcessMetrics, survives_any_bytes) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 60; ++round) {
    for (const char* file : {"self/stat", "self/limits", "stat"}) {
      std::string bytes = round % 3 == 0   ? stat_of("x")
                          : round % 3 == 1 ? limits
                                           : "btime \nbtime x\nbtime 99999999999999999999\n";
      for (int flips = 0; flips < 8; ++flips) bytes[random() % bytes.size()] = static_cast<char>(random());
      tree.write(file, bytes);
    }
    const auto metrics = scraped(registry);
    EXPECT_EQ(metrics.value("process_open_fds"), 4.0);
    EXPECT_EQ(metrics.value("bellwether_collector_errors_total"), 0.0);
  }
}

TEST_F(ProcessMetrics, takes_a_limit_once_and_only_when_it_is_a_number) {
  tree.write("self/limits", "Max open files  twelve  9 files\nMax open files 9 9 files\nMax address space\n");
  EXPECT_EQ(value("process_max_fds"), std::nullopt);
  EXPECT_EQ(value("process_virtual_memory_max_bytes"), std::nullopt);
  tree.write("self/limits", "Max open files 5 9 files\nMax open files 6 9 files\nMax address space 1 2 bytes");
  EXPECT_EQ(value("process_max_fds"), 5.0);
  EXPECT_EQ(value("process_virtual_memory_max_bytes"), 1.0);
}

TEST_F(ProcessMetrics, survives_folders_and_pipes_in_place_of_files) {
  std::filesystem::remove(tree.path() + "/stat");
  std::filesystem::create_directory(tree.path() + "/stat");
  std::filesystem::remove(tree.path() + "/self/limits");
  ASSERT_EQ(::mkfifo((tree.path() + "/self/limits").c_str(), 0600), 0);
  std::filesystem::remove_all(tree.path() + "/self/fd");
  tree.write("self/fd", "no folder");
  EXPECT_EQ(value("process_threads"), 7.0);
  EXPECT_EQ(value("process_open_fds"), std::nullopt);
}

TEST_F(ProcessMetrics, cannot_be_added_twice_but_again_after_its_end) {
  EXPECT_FALSE(add_process_metrics(registry, tree.path()));
  collector = Collector{};
  EXPECT_EQ(value("process_threads"), std::nullopt);
  EXPECT_TRUE(add_process_metrics(registry, tree.path()));
}

TEST(ProcessMetricsOfThisProcess, are_those_of_this_process) {
  Registry registry;
  const Collector collector = add_process_metrics(registry).value();
  const auto metrics = scraped(registry);
  EXPECT_GE(metrics.value("process_cpu_seconds_total").value(), 0);
  EXPECT_GE(metrics.value("process_threads").value(), 1);
  EXPECT_GT(metrics.value("process_resident_memory_bytes").value(), 100'000);
  EXPECT_GT(metrics.value("process_virtual_memory_bytes").value(),
            metrics.value("process_resident_memory_bytes").value());
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_LE(metrics.value("process_start_time_seconds").value(), now + 60);
  EXPECT_GE(metrics.value("process_start_time_seconds").value(), now - 7 * 86400);
}

TEST(ProcessMetricsOfThisProcess, do_not_count_the_descriptor_that_counts) {
  Registry registry;
  const Collector collector = add_process_metrics(registry).value();
  const double before = scraped(registry).value("process_open_fds").value();
  const int descriptor = ::dup(0);
  EXPECT_EQ(scraped(registry).value("process_open_fds").value(), before + 1);
  ::close(descriptor);
  int open = 0;
  for (int i = 0; i < 4096; ++i) open += ::fcntl(i, F_GETFD) != -1 ? 1 : 0;
  EXPECT_EQ(before, open);
}

}  // namespace
}  // namespace bellwether
