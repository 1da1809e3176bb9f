// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/process_metrics.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>
#include <random>
#include <string>

#include "tests/metrics/proc_tree.hpp"

namespace bellwether {
namespace {

using exposition::ParsedMetrics;
using test::ProcTree;
using test::scraped;

constexpr const char* stat_file =
    "cpu  300 0 300 3000 0 0 0 0 0 0\n"
    "cpu0 100 1 200 1000 5 6 7 8 9 10\n"
    "cpu1 200 0 100 2000 0 0 0 0 0 0\n"
    "intr 1 2 3\nctxt 5\nbtime 1700000000\n";
constexpr const char* meminfo_file =
    "MemTotal:       16384000 kB\nMemFree:         1000 kB\nMemAvailable:    8192000 kB\nBuffers: 1 kB\n";
constexpr const char* diskstats_file =
    "   7       0 loop0 11 0 22 0 0 0 0 0 0 0 0\n"
    " 254       0 vda 100 5 2000 30 200 6 4000 70 0 1500 100 0 0 0 0 0 0\n"
    " 254       1 vda1 100 5 2000 30 200 6 4000 70 0 1500 100\n"
    " 259       0 nvme0n1 1 0 8 0 2 0 16 0 0 250 0\n"
    " 259       1 nvme0n1p1 1 0 8 0 2 0 16 0 0 250 0\n"
    "   9       0 md127 1 0 10 0 2 0 20 0 0 0 0\n";
constexpr const char* net_file =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier "
    "compressed\n"
    "    lo: 1000 10 0 0 0 0 0 0 1000 10 0 0 0 0 0 0\n"
    "  eth0:123456 99 1 2 3 4 5 6 654321 88 7 8 9 10 11 12\n"
    "eth0:1: 5 0 0 0 0 0 0 0 6 0 0 0 0 0 0 0\n";

class HostMetrics : public ::testing::Test {
 protected:
  HostMetrics() {
    tree.write("stat", stat_file);
    tree.write("loadavg", "0.52 0.58 0.59 3/602 12345\n");
    tree.write("meminfo", meminfo_file);
    tree.write("diskstats", diskstats_file);
    tree.write("net/dev", net_file);
  }

  ParsedMetrics metrics() { return scraped(registry); }

  ProcTree tree;
  Registry registry;
  Collector collector = add_host_metrics(registry, {.proc = tree.path(), .paths = {tree.path()}}).value();
  const double tick = 1 / static_cast<double>(::sysconf(_SC_CLK_TCK));
};

TEST_F(HostMetrics, tell_each_processor_and_mode) {
  const ParsedMetrics read = metrics();
  double ticks = 0;
  for (const auto& [mode, expected] : {std::pair{"user", 100.0},
                                       {"nice", 1.0},
                                       {"system", 200.0},
                                       {"idle", 1000.0},
                                       {"iowait", 5.0},
                                       {"irq", 6.0},
                                       {"softirq", 7.0},
                                       {"steal", 8.0}}) {
    EXPECT_DOUBLE_EQ(read.value("node_cpu_seconds_total", {{"cpu", "0"}, {"mode", mode}}).value(), expected * tick)
        << mode;
    ticks += expected;
  }
  EXPECT_EQ(ticks, 1327);
  EXPECT_DOUBLE_EQ(read.value("node_cpu_seconds_total", {{"cpu", "1"}, {"mode", "idle"}}).value(), 2000 * tick);
  EXPECT_EQ(read.family("node_cpu_seconds_total")->samples.size(), 16U) << "the sum of all processors is no processor";
}

TEST_F(HostMetrics, tell_load_and_memory) {
  const ParsedMetrics read = metrics();
  EXPECT_EQ(read.value("node_load1"), 0.52);
  EXPECT_EQ(read.value("node_memory_MemTotal_bytes"), 16384000.0 * 1024);
  EXPECT_EQ(read.value("node_memory_MemAvailable_bytes"), 8192000.0 * 1024);
}

TEST_F(HostMetrics, tell_disks_but_neither_partitions_nor_loops) {
  const ParsedMetrics read = metrics();
  EXPECT_EQ(read.value("node_disk_read_bytes_total", {{"device", "vda"}}), 2000.0 * 512);
  EXPECT_EQ(read.value("node_disk_written_bytes_total", {{"device", "vda"}}), 4000.0 * 512);
  EXPECT_EQ(read.value("node_disk_io_time_seconds_total", {{"device", "vda"}}), 1.5);
  EXPECT_EQ(read.value("node_disk_io_time_seconds_total", {{"device", "nvme0n1"}}), 0.25);
  EXPECT_EQ(read.value("node_disk_read_bytes_total", {{"device", "md127"}}), 5120.0);
  EXPECT_EQ(read.family("node_disk_read_bytes_total")->samples.size(), 3U);
}

TEST_F(HostMetrics, tell_network_devices) {
  const ParsedMetrics read = metrics();
  EXPECT_EQ(read.value("node_network_receive_bytes_total", {{"device", "eth0"}}), 123456.0);
  EXPECT_EQ(read.value("node_network_receive_errs_total", {{"device", "eth0"}}), 1.0);
  EXPECT_EQ(read.value("node_network_receive_drop_total", {{"device", "eth0"}}), 2.0);
  EXPECT_EQ(read.value("node_network_transmit_bytes_total", {{"device", "eth0"}}), 654321.0);
  EXPECT_EQ(read.value("node_network_transmit_errs_total", {{"device", "eth0"}}), 7.0);
  EXPECT_EQ(read.value("node_network_transmit_drop_total", {{"device", "eth0"}}), 8.0);
  EXPECT_EQ(read.value("node_network_receive_bytes_total", {{"device", "eth0:1"}}), 5.0);
  EXPECT_EQ(read.family("node_network_receive_bytes_total")->samples.size(), 3U) << "headings are no devices";
}

TEST_F(HostMetrics, tell_file_systems) {
  const ParsedMetrics read = metrics();
  const double size = read.value("node_filesystem_size_bytes", {{"mountpoint", tree.path()}}).value();
  EXPECT_GT(size, 0);
  EXPECT_LE(read.value("node_filesystem_avail_bytes", {{"mountpoint", tree.path()}}).value(), size);
}

TEST_F(HostMetrics, leave_out_what_cannot_be_read) {
  std::filesystem::remove_all(tree.path());
  const ParsedMetrics read = metrics();
  for (const auto& family : read.families) EXPECT_FALSE(family.name.starts_with("node_")) << family.name;
  EXPECT_EQ(read.value("bellwether_collector_errors_total"), 0.0);
}

TEST_F(HostMetrics, take_a_device_once) {
  tree.write("stat", "cpu0 1 2\ncpu0 3 4\n");
  tree.write("diskstats", "1 0 sda 1 1 1 1 1 1 1 1 1 1 1\n1 0 sda 1 1 2 1 1 1 1 1 1 1 1\n1 1 sdb 1 1 1\n");
  tree.write("net/dev", "a: 1 1 1 1 1 1 1 1 1 1 1 1\na: 2 2 2 2 2 2 2 2 2 2 2 2\nb: 1 2\n: 1 1 1 1 1 1 1 1 1 1 1 1\n");
  tree.write("meminfo", "MemTotal: 1 kB\nMemTotal: 2 kB\nMemAvailable: many kB\n");
  tree.write("loadavg", "nan 1 2");
  const ParsedMetrics read = metrics();
  EXPECT_EQ(read.family("node_cpu_seconds_total")->samples.size(), 2U);
  EXPECT_EQ(read.family("node_disk_read_bytes_total")->samples.size(), 1U) << "an incomplete line tells nothing";
  EXPECT_EQ(read.value("node_disk_read_bytes_total"), 512.0);
  EXPECT_EQ(read.family("node_network_receive_bytes_total")->samples.size(), 1U);
  EXPECT_EQ(read.value("node_memory_MemTotal_bytes"), 1024.0);
  EXPECT_EQ(read.value("node_memory_MemAvailable_bytes"), std::nullopt);
  EXPECT_EQ(read.value("node_load1"), std::nullopt);
  EXPECT_EQ(read.value("bellwether_collector_errors_total"), 0.0);
}

TEST_F(HostMetrics, survive_any_bytes) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 60; ++round) {
    for (const auto& [name, text] : {std::pair{"stat", stat_file},
                                     {"meminfo", meminfo_file},
                                     {"diskstats", diskstats_file},
                                     {"net/dev", net_file},
                                     {"loadavg", "1 2 3"}}) {
      std::string bytes = text;
      for (int flips = 0; flips < 6; ++flips) bytes[random() % bytes.size()] = static_cast<char>(random());
      bytes.resize(random() % (bytes.size() + 1));
      tree.write(name, bytes);
    }
    EXPECT_EQ(metrics().value("bellwether_collector_errors_total"), 0.0);
  }
}

TEST(HostMetricsOfThisMachine, are_those_of_this_machine) {
  Registry registry;
  const Collector collector = add_host_metrics(registry).value();
  const ParsedMetrics read = scraped(registry);
  EXPECT_GT(read.value("node_memory_MemTotal_bytes").value(), 0);
  EXPECT_GT(read.value("node_filesystem_size_bytes", {{"mountpoint", "/"}}).value(), 0);
  EXPECT_TRUE(read.value("node_load1").has_value());
  EXPECT_NE(read.family("node_cpu_seconds_total"), nullptr);
}

}  // namespace
}  // namespace bellwether
