// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "monitor/default_config.hpp"

#include <gtest/gtest.h>

#include "config/prometheus/prometheus_config.hpp"

namespace bellwether::monitor {
namespace {

TEST(DefaultConfig, IsReadWithoutAnError) {
  const auto config = config::parse_prometheus_config(default_config(8000, 9090), "default");
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_EQ(config->scrape_configs.size(), 2U);
  EXPECT_EQ(config->scrape_configs[0].job_name, "desk");
  EXPECT_EQ(config->scrape_configs[1].job_name, "bellwether");
}

TEST(DefaultConfig, LeavesTheMonitorOutWhereItsPortIsNotKnown) {
  const auto config = config::parse_prometheus_config(default_config(8000, 0), "default");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->scrape_configs.size(), 1U);
}

}  // namespace
}  // namespace bellwether::monitor
