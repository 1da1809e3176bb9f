// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/desk_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/duration.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

constexpr std::string_view data_root = "../shared/data/";

/// The number at the beginning and what follows it.
std::optional<std::pair<double, std::string_view>> leading_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !std::isfinite(number)) return std::nullopt;
  return std::pair{number, text.substr(static_cast<std::size_t>(end - text.data()))};
}

std::string_view folder_of(paper::Profile profile) noexcept {
  switch (profile) {
    case paper::Profile::ticks:
      return "binance_ticks_20240808";
    case paper::Profile::minutes_equity:
      return "lean_equity_minute_201310";
    case paper::Profile::minutes_coinbase:
      return "lean_coinbase_minute_201804";
    case paper::Profile::daily_equity:
      return "lean_equity_daily";
    case paper::Profile::daily_crypto:
      return "binance_daily_klines";
    case paper::Profile::generated:
      break;
  }
  return "";
}

std::string_view example_of(paper::Profile profile) noexcept {
  switch (profile) {
    case paper::Profile::ticks:
      return "spot_btcusdt_20240808.gz";
    case paper::Profile::minutes_equity:
      return "spy/20131004_trade.zip";
    case paper::Profile::minutes_coinbase:
      return "btcusd/20180404_trade.zip";
    case paper::Profile::daily_equity:
      return "spy.zip";
    case paper::Profile::daily_crypto:
      return "BTCUSDT.csv";
    case paper::Profile::generated:
      break;
  }
  return "";
}

bool is_directory(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

}  // namespace

Result<std::optional<double>> parse_speed(const std::string& text) {
  if (text == "max") return std::optional<double>{};
  const auto number = leading_number(text);
  if (!number || !(number->second.empty() || number->second == "x") || number->first < 0.001 || number->first > 1e6) {
    return Error{fmt::format("speed '{}' is neither a number from 0.001 to 1000000 nor max; try 10", text)};
  }
  return std::optional<double>{number->first};
}

Result<std::chrono::nanoseconds> parse_time_span(const std::string& text) {
  const auto number = leading_number(text);
  const bool is_bare = number && number->second.empty();
  const auto duration = parse_duration(text);
  const double seconds = is_bare ? number->first : duration ? std::chrono::duration<double>(*duration).count() : -1;
  if (!(seconds > 0) || seconds > 1e8) {
    return Error{fmt::format("duration '{}' is not a time above 0 such as 60s, 5m or 1h30m", text)};
  }
  return std::chrono::nanoseconds{static_cast<std::int64_t>(seconds * 1e9)};
}

Result<std::string> parse_symbol(std::string text) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"_-./"}.find(c) != std::string_view::npos;
  };
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (text.empty() || text.size() > 32 || !std::all_of(text.begin(), text.end(), allowed)) {
    return Error{fmt::format("symbol '{}' is not of 1 to 32 letters, digits, '_', '-', '.' or '/'", text)};
  }
  return text;
}

Result<ChosenData> choose_data(const std::optional<paper::Profile>& profile, const std::string& asked) {
  using paper::Profile;
  if (profile == Profile::generated) {
    if (asked.empty()) return ChosenData{};
    return Error{"the profile generated plays no recording; leave --data out, or choose another profile"};
  }
  const Profile chosen = profile.value_or(Profile::ticks);
  if (!asked.empty()) {
    if (is_directory(asked)) return ChosenData{chosen, asked};
    return Error{
        fmt::format("--data {} is not a directory; name one with recordings such as {}", asked, example_of(chosen))};
  }
  const char* const named = std::getenv("BELLWETHER_DATA");
  if (chosen == Profile::ticks && named != nullptr && *named != '\0') {
    if (is_directory(named)) return ChosenData{chosen, named};
    return Error{fmt::format("BELLWETHER_DATA={} is not a directory; unset it to use the generator", named)};
  }
  std::string usual = std::string{data_root} + std::string{folder_of(chosen)};
  if (is_directory(usual)) return ChosenData{chosen, std::move(usual)};
  if (!profile) return ChosenData{};
  return Error{fmt::format("no recordings for the profile {} in {}; name a directory with files such as {} by --data",
                           name(chosen), usual, example_of(chosen))};
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
