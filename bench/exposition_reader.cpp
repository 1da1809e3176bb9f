// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0

// How fast a scrape is read: 100,000 counter series with three labels, by series key alone (a steady target) and with
// the labels parsed (the first scrape). bytes_per_second and items_per_second (samples) are the figures.
#include <benchmark/benchmark.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "exposition/protobuf_reader.hpp"
#include "exposition/text_reader.hpp"

namespace {

using namespace bellwether;
using exposition::Entry;

constexpr int series_count = 100'000;
constexpr std::array<const char*, 8> venues{"binance", "coinbase", "kraken", "ibkr", "cme", "eurex", "nyse", "lse"};

std::string strategy(int i) {
  return "strategy-" + std::to_string(i / 16);
}
const char* venue(int i) {
  return venues[static_cast<std::size_t>(i) % venues.size()];
}
const char* side(int i) {
  return i / 8 % 2 == 0 ? "buy" : "sell";
}
std::uint64_t value(int i) {
  return static_cast<std::uint64_t>(i) * 7919;
}

std::string text_document(const char* end) {
  std::string out = "# HELP orders_total Orders sent.\n# TYPE orders_total counter\n";
  for (int i = 0; i < series_count; ++i) {
    out += "orders_total{strategy=\"" + strategy(i) + "\",venue=\"" + venue(i) + "\",side=\"" + side(i) + "\"} " +
           std::to_string(value(i)) + "\n";
  }
  return out + end;
}

void put_varint(std::string& out, std::uint64_t number) {
  for (; number >= 128; number >>= 7U) out += static_cast<char>((number & 127U) | 128U);
  out += static_cast<char>(number);
}

void put_bytes(std::string& out, unsigned field, std::string_view bytes) {
  put_varint(out, field << 3U | 2U);
  put_varint(out, bytes.size());
  out += bytes;
}

std::string label(std::string_view name, std::string_view text) {
  std::string out;
  put_bytes(out, 1, name);
  put_bytes(out, 2, text);
  return out;
}

std::string protobuf_document() {
  std::string family;
  put_bytes(family, 1, "orders_total");
  put_bytes(family, 2, "Orders sent.");
  for (int i = 0; i < series_count; ++i) {
    std::string metric;
    put_bytes(metric, 1, label("strategy", strategy(i)));
    put_bytes(metric, 1, label("venue", venue(i)));
    put_bytes(metric, 1, label("side", side(i)));
    std::string counter = "\x09";
    const auto bits = std::bit_cast<std::uint64_t>(static_cast<double>(value(i)));
    for (int shift = 0; shift < 64; shift += 8) counter += static_cast<char>(bits >> shift & 255U);
    put_bytes(metric, 3, counter);
    put_bytes(family, 4, metric);
  }
  std::string out;
  put_varint(out, family.size());
  return out + family;
}

/// Reads the whole document; `labels` is the first scrape, otherwise only the key is looked at.
template <typename Reader>
void read(benchmark::State& state, Reader&& reader, bool labels) {
  double sum = 0;
  int samples = 0;
  for (;;) {
    const Result<Entry> entry = reader.next();
    if (!entry) {
      state.SkipWithError(entry.error().message.c_str());
      return;
    }
    if (*entry == Entry::end) break;
    if (*entry != Entry::sample) continue;
    if (labels) {
      benchmark::DoNotOptimize(reader.series()->labels.size());
    } else {
      benchmark::DoNotOptimize(reader.series_key().size());
    }
    sum += reader.value();
    ++samples;
  }
  benchmark::DoNotOptimize(sum);
  if (samples != series_count) state.SkipWithError("not every sample was read");
}

void report(benchmark::State& state, const std::string& document) {
  state.SetBytesProcessed(static_cast<std::int64_t>(document.size()) * state.iterations());
  state.SetItemsProcessed(static_cast<std::int64_t>(series_count) * state.iterations());
}

void read_text(benchmark::State& state) {
  const std::string document = text_document("");
  for ([[maybe_unused]] auto iteration : state) {
    read(state, exposition::TextReader(document, exposition::TextFormat::prometheus), state.range(0) != 0);
  }
  report(state, document);
}
BENCHMARK(read_text)->ArgName("labels")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void read_openmetrics(benchmark::State& state) {
  const std::string document = text_document("# EOF\n");
  for ([[maybe_unused]] auto iteration : state) {
    read(state, exposition::TextReader(document, exposition::TextFormat::openmetrics), state.range(0) != 0);
  }
  report(state, document);
}
BENCHMARK(read_openmetrics)->ArgName("labels")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void read_protobuf(benchmark::State& state) {
  const std::string document = protobuf_document();
  for ([[maybe_unused]] auto iteration : state) {
    read(state, exposition::ProtobufReader(document), state.range(0) != 0);
  }
  report(state, document);
}
BENCHMARK(read_protobuf)->ArgName("labels")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
