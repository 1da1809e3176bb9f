// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <bellwether/host_usage.hpp>
#include <string>

#include "tests/metrics/proc_tree.hpp"

namespace bellwether {
namespace {

const std::string process =
    "7 (an (odd) name) S 1 7 7 0 -1 4194304 100 0 0 0 50 25 0 0 20 0 12 0 100 1000000 250 18446744073709551615\n";

TEST(HostUsage, ProcessorUseIsThatBetweenTwoReadings) {
  const test::ProcTree proc;
  proc.write("stat", "cpu  100 0 100 700 100 0 0 0 9 9\ncpu0 1 2 3 4\n");
  HostUsageReader reader{proc.path()};
  EXPECT_FALSE(reader.read().cpu_percent) << "no time has passed";
  proc.write("stat", "cpu  130 0 120 800 150 0 0 0 9 9\n");  // 50 of 200 ticks
  EXPECT_DOUBLE_EQ(reader.read().cpu_percent.value(), 25);
  EXPECT_DOUBLE_EQ(reader.read().cpu_percent.value(), 25) << "within one tick it is the figure of before";
  proc.write("stat", "cpu  230 0 120 800 150 0 0 0 9 9\n");
  EXPECT_DOUBLE_EQ(reader.read().cpu_percent.value(), 100);
  proc.write("stat", "cpu  200 0 120 900 150 0 0 0 9 9\n");
  EXPECT_DOUBLE_EQ(reader.read().cpu_percent.value(), 100) << "a counter that steps back says nothing";
}

TEST(HostUsage, MemoryThreadsAndResidentBytes) {
  const test::ProcTree proc;
  proc.write("meminfo", "MemTotal:        1000 kB\nMemFree: 10 kB\nMemAvailable:     250 kB\n");
  proc.write("self/stat", process);
  const HostUsage usage = HostUsageReader{proc.path()}.read();
  EXPECT_DOUBLE_EQ(usage.memory_percent.value(), 75);
  EXPECT_EQ(usage.threads.value(), 12);
  EXPECT_EQ(usage.resident_bytes.value(), 250.0 * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  EXPECT_FALSE(usage.cpu_percent);
}

TEST(HostUsage, WhatCannotBeReadIsNothing) {
  const test::ProcTree proc;
  const auto all_missing = [](const HostUsage& usage) {
    return !usage.cpu_percent && !usage.memory_percent && !usage.threads && !usage.resident_bytes;
  };
  EXPECT_TRUE(all_missing(HostUsageReader{proc.path()}.read()));
  proc.write("stat", "cpu  1 x\n");
  proc.write("meminfo", "MemTotal: 0 kB\nMemAvailable: 0 kB\n");
  proc.write("self/stat", "7 (no end\n");
  EXPECT_TRUE(all_missing(HostUsageReader{proc.path()}.read()));
  proc.write("stat", "intr 5\n");
  proc.write("meminfo", "MemTotal: 18446744073709551616 kB\n");
  proc.write("self/stat", ")");
  EXPECT_TRUE(all_missing(HostUsageReader{proc.path()}.read()));
}

TEST(HostUsage, TheMachineItselfGivesFiguresInRange) {
  const HostUsage usage = HostUsageReader{}.read();
  ASSERT_TRUE(usage.memory_percent && usage.threads && usage.resident_bytes);
  EXPECT_GE(*usage.memory_percent, 0);
  EXPECT_LE(*usage.memory_percent, 100);
  EXPECT_GE(*usage.threads, 1);
  EXPECT_GT(*usage.resident_bytes, 0);
  const auto disk = disk_used_percent("/");
  ASSERT_TRUE(disk);
  EXPECT_GE(*disk, 0);
  EXPECT_LE(*disk, 100);
  EXPECT_FALSE(disk_used_percent("/nowhere/at/all"));
}

}  // namespace
}  // namespace bellwether
