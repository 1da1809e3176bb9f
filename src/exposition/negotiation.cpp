// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bellwether/exposition.hpp>
#include <charconv>
#include <optional>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace {

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Takes the part before `separator` off the front.
std::string_view take(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return trimmed(part);
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

/// One choice of an Accept header.
struct Choice {
  std::string_view type;
  std::string_view version;
  std::string_view proto;
  std::string_view encoding;
  std::string_view escaping;
  double quality = 1;
};

Choice parse_choice(std::string_view text) {
  Choice choice{.type = take(text, ';'), .version = {}, .proto = {}, .encoding = {}, .escaping = {}};
  while (!text.empty()) {
    std::string_view value = take(text, ';');
    const std::string_view name = take(value, '=');
    value = trimmed(value);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (equal_ignoring_case(name, "version")) choice.version = value;
    if (equal_ignoring_case(name, "proto")) choice.proto = value;
    if (equal_ignoring_case(name, "encoding")) choice.encoding = value;
    if (equal_ignoring_case(name, "escaping")) choice.escaping = value;
    if (equal_ignoring_case(name, "q")) {
      double quality = 1;
      const auto parsed = std::from_chars(value.data(), value.data() + value.size(), quality);
      choice.quality = parsed.ec == std::errc() && quality >= 0 && quality <= 1 ? quality : 1;
    }
  }
  return choice;
}

std::optional<ScrapeFormat> format_of(const Choice& choice) {
  ScrapeFormat format;
  if (choice.escaping == "allow-utf-8") format.escaping = Escaping::allow_utf8;
  if (choice.escaping == "dots") format.escaping = Escaping::dots;
  if (choice.escaping == "values") format.escaping = Escaping::values;
  if (equal_ignoring_case(choice.type, "application/vnd.google.protobuf") &&
      choice.proto == "io.prometheus.client.MetricFamily" && choice.encoding == "delimited") {
    format.exposition = Exposition::protobuf;
    return format;
  }
  if (equal_ignoring_case(choice.type, "application/openmetrics-text") &&
      (choice.version.empty() || choice.version == "0.0.1" || choice.version == "1.0.0")) {
    format.exposition = Exposition::openmetrics;
    format.version = choice.version == "0.0.1" ? "0.0.1" : "1.0.0";
    return format;
  }
  if (equal_ignoring_case(choice.type, "text/plain") &&
      (choice.version.empty() || choice.version == "0.0.4" || choice.version == "1.0.0")) {
    format.version = choice.version == "1.0.0" ? "1.0.0" : "0.0.4";
    return format;
  }
  return std::nullopt;
}

std::string_view name(Escaping escaping) {
  switch (escaping) {
    case Escaping::allow_utf8:
      return "allow-utf-8";
    case Escaping::dots:
      return "dots";
    case Escaping::values:
      return "values";
    case Escaping::underscores:
      break;
  }
  return "underscores";
}

}  // namespace

ScrapeFormat negotiate(std::string_view accept) {
  std::vector<Choice> choices;
  while (!accept.empty()) choices.push_back(parse_choice(take(accept, ',')));
  std::stable_sort(choices.begin(), choices.end(), [](const auto& a, const auto& b) { return a.quality > b.quality; });
  for (const Choice& choice : choices) {
    if (choice.quality == 0) break;
    if (const auto format = format_of(choice)) return *format;
  }
  return {};
}

std::string ScrapeFormat::content_type() const {
  std::string type;
  switch (exposition) {
    case Exposition::text:
      type = "text/plain; version=" + std::string(version.empty() ? "0.0.4" : version) + "; charset=utf-8";
      break;
    case Exposition::openmetrics:
      type = "application/openmetrics-text; version=" + std::string(version.empty() ? "1.0.0" : version) +
             "; charset=utf-8";
      break;
    case Exposition::protobuf:
      type = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
      break;
  }
  return type.append("; escaping=").append(name(escaping));
}

BELLWETHER_NAMESPACE_END
