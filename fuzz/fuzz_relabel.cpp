// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scrape/relabel.hpp"

namespace {

// The input's lines, one after the other.
std::string next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string line(rest.substr(0, end));
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return line;
}

}  // namespace

/// Action, regex, replacement, target, separator, two source labels, then labels and values in turn: relabelled twice, the buffer
/// stays sorted, without repeats and empty values.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bellwether;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  config::RelabelConfig step;
  const std::string action = next_line(rest);
  for (int i = 0; i < 11; ++i) {
    if (config::name_of(static_cast<config::RelabelAction>(i)) == action)
      step.action = static_cast<config::RelabelAction>(i);
  }
  step.regex = next_line(rest);
  step.replacement = next_line(rest);
  step.target_label = next_line(rest);
  step.separator = next_line(rest);
  step.modulus = step.separator.size();
  for (int i = 0; i < 2; ++i) {
    if (std::string source = next_line(rest); !source.empty()) step.source_labels.push_back(source);
  }
  const auto relabeller = scrape::Relabeller::make(std::vector{step, step});
  if (!relabeller) return 0;
  std::vector<std::string> texts;
  while (!rest.empty() && texts.size() < 64) texts.push_back(next_line(rest));
  scrape::LabelBuffer buffer;
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) buffer.set(texts[i], texts[i + 1]);
  (void)relabeller->apply(buffer);
  for (std::size_t i = 0; i < buffer.labels().size(); ++i) {
    if (buffer.labels()[i].value.empty()) std::abort();
    if (i > 0 && buffer.labels()[i].name <= buffer.labels()[i - 1].name) std::abort();
  }
  return 0;
}
