// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/methods.hpp"

#include "base/civil_time.hpp"
#include "template/arguments.hpp"
#include "template/calendar_names.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

constexpr std::int64_t billion = 1'000'000'000;

CivilTime fields(const Value& value) {
  return CivilTime(value.time().seconds + value.time().offset_seconds);
}

std::int64_t wrapped_nanoseconds(const Time& time) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(time.seconds) * billion +
                                   static_cast<std::uint64_t>(time.nanoseconds));
}

template <typename Get>
Function getter(Get get) {
  return {[get](Arguments arguments) -> Result<Value> { return Value(get(arguments[0])); }, 1, 1};
}

Result<Value> format_time(Arguments arguments) {
  auto layout = text_argument(arguments, 1);
  if (!layout) return layout.error();
  return Value(arguments[0].time().format(*layout));
}

Result<Value> subtract(Arguments arguments) {
  auto other = time_argument(arguments, 1);
  if (!other) return other.error();
  const Time& time = arguments[0].time();
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  if (__builtin_sub_overflow(time.seconds, other->seconds, &seconds) ||
      __builtin_mul_overflow(seconds, billion, &nanoseconds) ||
      __builtin_add_overflow(nanoseconds, time.nanoseconds - other->nanoseconds, &nanoseconds)) {
    nanoseconds = time.seconds < other->seconds ? INT64_MIN : INT64_MAX;
  }
  return Value(Duration{nanoseconds});
}

Result<Value> add(Arguments arguments) {
  auto nanoseconds = integer_argument(arguments, 1);
  if (!nanoseconds) return nanoseconds.error();
  Time time = arguments[0].time();
  std::int64_t sum = time.nanoseconds + *nanoseconds % billion;
  time.seconds += *nanoseconds / billion + sum / billion;
  sum %= billion;
  if (sum < 0) {
    sum += billion;
    --time.seconds;
  }
  time.nanoseconds = static_cast<std::int32_t>(sum);
  return Value(time);
}

template <typename Holds>
Function time_comparison(Holds holds) {
  return {[holds](Arguments arguments) -> Result<Value> {
            auto other = time_argument(arguments, 1);
            if (!other) return other.error();
            const Time& time = arguments[0].time();
            const auto key = [](const Time& one) { return std::pair(one.seconds, one.nanoseconds); };
            return Value(holds(key(time), key(*other)));
          },
          2, 2};
}

FunctionTable time_methods() {
  FunctionTable table;
  table["Format"] = {format_time, 2, 2};
  table["Sub"] = {subtract, 2, 2};
  table["Add"] = {add, 2, 2};
  table["After"] = time_comparison([](auto a, auto b) { return a > b; });
  table["Before"] = time_comparison([](auto a, auto b) { return a < b; });
  table["Equal"] = time_comparison([](auto a, auto b) { return a == b; });
  table["IsZero"] = getter([](const Value& value) { return value.time().is_zero(); });
  table["Unix"] = getter([](const Value& value) { return value.time().seconds; });
  table["UnixMilli"] = getter([](const Value& value) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(value.time().seconds) * 1000) +
           value.time().nanoseconds / 1'000'000;
  });
  table["UnixNano"] = getter([](const Value& value) { return wrapped_nanoseconds(value.time()); });
  table["Year"] = getter([](const Value& value) { return fields(value).year; });
  table["Month"] =
      getter([](const Value& value) { return month_names[static_cast<std::size_t>(fields(value).month - 1)]; });
  table["Day"] = getter([](const Value& value) { return fields(value).day; });
  table["YearDay"] = getter([](const Value& value) { return fields(value).day_of_year; });
  table["Weekday"] =
      getter([](const Value& value) { return weekday_names[static_cast<std::size_t>(fields(value).weekday)]; });
  table["Hour"] = getter([](const Value& value) { return fields(value).hour; });
  table["Minute"] = getter([](const Value& value) { return fields(value).minute; });
  table["Second"] = getter([](const Value& value) { return fields(value).second; });
  table["String"] = getter([](const Value& value) { return value.time().text(); });
  for (const char* const zone : {"UTC", "Local"}) {
    table[zone] = {[zone](Arguments arguments) -> Result<Value> {
                     auto moved = arguments[0].time().in_zone(zone);
                     if (!moved) return moved.error();
                     return Value(*moved);
                   },
                   1, 1};
  }
  return table;
}

FunctionTable duration_methods() {
  FunctionTable table;
  const auto in = [](double unit) {
    return getter([unit](const Value& value) { return static_cast<double>(value.duration().nanoseconds) / unit; });
  };
  const auto whole = [](std::int64_t unit) {
    return getter([unit](const Value& value) { return value.duration().nanoseconds / unit; });
  };
  table["Seconds"] = in(1e9);
  table["Minutes"] = in(60e9);
  table["Hours"] = in(3600e9);
  table["Milliseconds"] = whole(1'000'000);
  table["Microseconds"] = whole(1'000);
  table["Nanoseconds"] = whole(1);
  table["String"] = getter([](const Value& value) { return value.duration().text(); });
  table["Truncate"] = {[](Arguments arguments) -> Result<Value> {
                         auto unit = integer_argument(arguments, 1);
                         if (!unit) return unit.error();
                         const std::int64_t all = arguments[0].duration().nanoseconds;
                         return Value(Duration{*unit <= 0 ? all : all - all % *unit});
                       },
                       2, 2};
  return table;
}

const Function* find(const FunctionTable& table, std::string_view name) {
  const auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

}  // namespace

const Function* find_method(const Value& value, std::string_view name) {
  static const FunctionTable of_times = time_methods();
  static const FunctionTable of_durations = duration_methods();
  if (value.kind() == Kind::time) return find(of_times, name);
  if (value.kind() == Kind::duration) return find(of_durations, name);
  return value.type() == nullptr ? nullptr : find(value.type()->methods, name);
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
