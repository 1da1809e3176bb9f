// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exposition/exposition_reader.hpp"
#include "exposition/native_histogram_value.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

using exposition::LabelView;
using HistogramValue = exposition::NativeHistogramValue;
using Labels = std::vector<std::pair<std::string, std::string>>;

/// The two messages of Remote-Write.
enum class MessageVersion : std::uint8_t {
  v1,  ///< prometheus.WriteRequest
  v2,  ///< io.prometheus.write.v2.Request: texts once, metadata with each series, the receiver says what it wrote
};

struct WrittenSample {
  double value = 0;
  std::int64_t time_ms = 0;
};

struct WrittenHistogram {
  HistogramValue value;
  std::int64_t time_ms = 0;
};

struct WrittenExemplar {
  std::vector<LabelView> labels;
  double value = 0;
  std::int64_t time_ms = 0;
};

/// What is known of a metric family.
struct FamilyMetadata {
  std::string name;
  exposition::FamilyType type = exposition::FamilyType::unknown;
  std::string help;
  std::string unit;

  friend bool operator==(const FamilyMetadata&, const FamilyMetadata&) = default;
};

/// The same, pointing into a message.
struct FamilyMetadataView {
  std::string_view name;
  exposition::FamilyType type = exposition::FamilyType::unknown;
  std::string_view help;
  std::string_view unit;
};

/// The number that stands for a type in both messages.
unsigned wire_number(exposition::FamilyType type) noexcept;
exposition::FamilyType family_type(std::uint64_t wire_number) noexcept;

}  // namespace remote
BELLWETHER_NAMESPACE_END
