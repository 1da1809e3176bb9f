// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "exposition/exposition_reader.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "exposition/protobuf_reader.hpp"
#include "exposition/text_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace exposition {
namespace {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Takes what stands before the next ';' off the front.
std::string_view take_part(std::string_view& text) noexcept {
  const std::size_t semicolon = text.find(';');
  const std::string_view part = trimmed(text.substr(0, semicolon));
  text = semicolon == std::string_view::npos ? std::string_view{} : text.substr(semicolon + 1);
  return part;
}

/// A parameter of a media type, without quotes; empty when it is not given.
std::string_view parameter(std::string_view parameters, std::string_view name) noexcept {
  while (!parameters.empty()) {
    const std::string_view part = take_part(parameters);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos || !equals_ignoring_case(trimmed(part.substr(0, equals)), name)) continue;
    std::string_view value = trimmed(part.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

}  // namespace

std::string_view to_string(FamilyType type) noexcept {
  constexpr std::array<std::string_view, 8> names{"unknown",        "counter", "gauge", "histogram",
                                                  "gaugehistogram", "summary", "info",  "stateset"};
  const auto index = static_cast<std::size_t>(type);
  return index < names.size() ? names[index] : names.front();
}

Result<std::unique_ptr<ExpositionReader>> open_exposition(std::string_view content_type, std::string_view body,
                                                          ReaderOptions options) {
  std::string_view parameters = content_type;
  const std::string_view media_type = take_part(parameters);
  if (equals_ignoring_case(media_type, "text/plain")) {
    return std::unique_ptr<ExpositionReader>(std::make_unique<TextReader>(body, TextFormat::prometheus));
  }
  if (equals_ignoring_case(media_type, "application/openmetrics-text")) {
    return std::unique_ptr<ExpositionReader>(std::make_unique<TextReader>(body, TextFormat::openmetrics));
  }
  if (equals_ignoring_case(media_type, "application/vnd.google.protobuf") &&
      equals_ignoring_case(parameter(parameters, "proto"), "io.prometheus.client.MetricFamily") &&
      equals_ignoring_case(parameter(parameters, "encoding"), "delimited")) {
    return std::unique_ptr<ExpositionReader>(std::make_unique<ProtobufReader>(body, options));
  }
  return Error{"the content type \"" + std::string(content_type) +
               "\" is none that can be read; expected text/plain, application/openmetrics-text, or "
               "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"};
}

}  // namespace exposition
BELLWETHER_NAMESPACE_END
