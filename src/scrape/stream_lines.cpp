// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/stream_lines.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

constexpr std::string_view heartbeat = "# heartbeat ";

bool read_integer(std::string_view text, std::int64_t& number) {
  const char* const end = text.data() + text.size();
  const auto [at, failed] = std::from_chars(text.data(), end, number);
  return failed == std::errc{} && at == end;
}

}  // namespace

Result<void> StreamLines::take(std::string_view part, std::int64_t now_ms) {
  ready_.clear();
  ready_samples_ = 0;
  const auto passed = static_cast<double>(std::max<std::int64_t>(now_ms - tokens_at_ms_, 0));
  tokens_ = std::min(tokens_ + passed * static_cast<double>(limits_.lines_a_second) / 1000,
                     static_cast<double>(limits_.burst_lines));
  tokens_at_ms_ = now_ms;
  while (!part.empty()) {
    const std::size_t end = part.find('\n');
    if (rest_.size() + std::min(end, part.size()) > limits_.longest_line) {
      return Error{"a line is longer than " + std::to_string(limits_.longest_line) + " bytes"};
    }
    if (end == std::string_view::npos) {
      rest_ += part;
      return {};
    }
    Result<void> taken;
    if (rest_.empty()) {
      taken = take_line(part.substr(0, end), now_ms);
    } else {
      rest_ += part.substr(0, end);
      taken = take_line(rest_, now_ms);
      rest_.clear();
    }
    if (!taken) return taken;
    part.remove_prefix(end + 1);
  }
  return {};
}

Result<void> StreamLines::take_line(std::string_view line, std::int64_t now_ms) {
  ++lines_;
  tokens_ -= 1;
  if (tokens_ < 0) return Error{"it sends more than " + std::to_string(limits_.lines_a_second) + " lines a second"};
  if (line.empty()) return {};
  return line.front() == '#' ? take_comment(line, now_ms) : take_sample(line, now_ms);
}

Result<void> StreamLines::take_comment(std::string_view line, std::int64_t now_ms) {
  if (line.starts_with(heartbeat)) {
    std::int64_t engine_ms = 0;
    if (!read_integer(line.substr(heartbeat.size()), engine_ms))
      return Error{"a heartbeat has no time in milliseconds"};
    clock_.beat(engine_ms, now_ms);
    return {};
  }
  return {};  // HELP and TYPE come with each scrape, too
}

Result<void> StreamLines::take_sample(std::string_view line, std::int64_t now_ms) {
  const std::size_t before_time = line.rfind(' ');
  const std::size_t before_value = before_time == std::string_view::npos || before_time == 0
                                       ? std::string_view::npos
                                       : line.rfind(' ', before_time - 1);
  std::int64_t engine_ms = 0;
  if (before_value == std::string_view::npos || before_value == 0 ||
      !read_integer(line.substr(before_time + 1), engine_ms)) {
    return Error{"a line is not a sample with its time in milliseconds"};
  }
  if (auto known = know(line.substr(0, before_value)); !known) return known;
  ready_.append(line.substr(0, before_time + 1)) += std::to_string(clock_.translate(engine_ms, now_ms));
  ready_ += '\n';
  ++ready_samples_;
  return {};
}

Result<void> StreamLines::know(std::string_view name) {
  known_.insert(std::hash<std::string_view>{}(name));
  if (known_.size() <= limits_.series) return {};
  return Error{"it has more than " + std::to_string(limits_.series) + " different series"};
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
