// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// A program of its own, because it replaces operator new.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <new>
#include <string>

#include "exposition/protobuf_reader.hpp"
#include "exposition/text_reader.hpp"

namespace {
std::size_t allocations = 0;
}

// NOLINTBEGIN(cppcoreguidelines-no-malloc)
// Not inlined: g++ would pair the free in one with the new of another.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
// NOLINTEND(cppcoreguidelines-no-malloc)

namespace bellwether::exposition {
namespace {

/// Reads everything; counts what is allocated after the first `warm_entries`, when the buffers have grown.
std::size_t allocations_after(ExpositionReader& reader, std::size_t warm_entries) {
  std::size_t entries = 0;
  std::size_t before = 0;
  for (Entry entry = reader.next().value(); entry != Entry::end; entry = reader.next().value()) {
    if (entry == Entry::sample || entry == Entry::histogram) {
      EXPECT_FALSE(reader.series_key().empty());
      EXPECT_TRUE(reader.series());
    }
    if (++entries == warm_entries) before = allocations;
  }
  EXPECT_GT(entries, 2 * warm_entries);
  return allocations - before;
}

std::string repeated(const std::string& document, int copies) {
  std::string all;
  for (int i = 0; i < copies; ++i) all += document;
  return all;
}

TEST(ReaderAllocation, NoneForTextOnceTheBuffersHaveGrown) {
  const std::string body = repeated(
      "# HELP a_long_name_of_a_counter_total Help \\n with an escape.\n# TYPE a_long_name_of_a_counter_total counter\n"
      "a_long_name_of_a_counter_total{venue=\"interactive brokers\",path=\"C:\\\\long\\\\path\\\\to\\\\something\"} "
      "1.5 17\n",
      100);
  TextReader reader(body, TextFormat::prometheus);
  EXPECT_EQ(allocations_after(reader, 10), 0U);
}

TEST(ReaderAllocation, NoneForOpenMetricsOnceTheBuffersHaveGrown) {
  std::string body = repeated(
      "a_total{venue=\"x\",b=\"\\\"quoted text of some length\\\"\"} 1 2.5 # {trace_id=\"\\\\abcdefghijklmnop\"} 1 3\n",
      100);
  body += "# EOF\n";
  TextReader reader(body, TextFormat::openmetrics);
  EXPECT_EQ(allocations_after(reader, 10), 0U);
}

TEST(ReaderAllocation, NoneForProtobufOnceTheBuffersHaveGrown) {
  std::string document;
  for (const char* name : {"counter", "native_histogram", "float_histogram", "summary"}) {
    std::ifstream file(std::string(BELLWETHER_SOURCE_DIR "/fuzz/corpus/protobuf_reader/") + name, std::ios::binary);
    ASSERT_TRUE(file) << name;
    document.append(std::istreambuf_iterator<char>(file), {});
  }
  const std::string body = repeated(document, 100);
  ProtobufReader reader(body, {.classic_histograms_too = true});
  EXPECT_EQ(allocations_after(reader, 100), 0U);
}

}  // namespace
}  // namespace bellwether::exposition
