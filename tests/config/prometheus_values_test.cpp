// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <sstream>

#include "config/prometheus/byte_size.hpp"
#include "config/prometheus/secret.hpp"

namespace bellwether::config {
namespace {

using std::chrono::milliseconds;

TEST(ByteSize, IsReadAndPrintedAsPrometheusDoes) {
  const std::vector<std::tuple<std::string, std::uint64_t, std::string>> cases{{"0", 0, "0B"},
                                                                               {"1B", 1, "1B"},
                                                                               {"10MB", 10U << 20U, "10MiB"},
                                                                               {"10MiB", 10U << 20U, "10MiB"},
                                                                               {"1.5MB", 1'572'864, "1MiB512KiB"},
                                                                               {"1KB1B", 1025, "1KiB1B"},
                                                                               {"1EB", 1ULL << 60U, "1EiB"},
                                                                               {"512KB", 512U << 10U, "512KiB"}};
  for (const auto& [text, bytes, printed] : cases) {
    const auto size = parse_byte_size(text);
    ASSERT_TRUE(size) << text << ": " << size.error().message;
    EXPECT_EQ(*size, bytes) << text;
    EXPECT_EQ(print_byte_size(*size), printed);
  }
  for (const char* text :
       {"", "10", "MB", "-1MB", "10 MB", "10mb", "10XB", "8EB", "1e3MB", "nanB", "infB", "1.2.3MB", "."}) {
    EXPECT_FALSE(parse_byte_size(text)) << text;
  }
}

TEST(Secret, IsNotPrinted) {
  std::ostringstream out;
  out << Secret("hunter2") << Secret();
  EXPECT_EQ(out.str(), "<secret>");
  EXPECT_EQ(Secret("hunter2").reveal(), "hunter2");
}

}  // namespace
}  // namespace bellwether::config
