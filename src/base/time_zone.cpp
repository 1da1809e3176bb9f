// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "base/time_zone.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace {

constexpr std::size_t max_bytes = std::size_t{64} << 10;  // the largest of tzdata have four
constexpr std::size_t header_bytes = 44;

// Reads big-endian numbers; a place beyond the end reads as 0 and fails.
class BytesReader {
 public:
  explicit BytesReader(std::string_view bytes) : bytes_(bytes) {}

  bool good() const noexcept { return good_; }
  void skip(std::uint64_t count) { (void)take(count); }
  std::string_view take(std::uint64_t count) {
    good_ = good_ && count <= bytes_.size() - at_;
    if (!good_) return {};
    at_ += static_cast<std::size_t>(count);
    return bytes_.substr(at_ - static_cast<std::size_t>(count), static_cast<std::size_t>(count));
  }
  std::uint8_t byte() {
    const std::string_view one = take(1);
    return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one.front());
  }
  std::int32_t number32() {
    std::uint32_t number = 0;
    for (int i = 0; i < 4; ++i) number = (number << 8U) | byte();
    return static_cast<std::int32_t>(number);
  }
  std::int64_t number64() {
    const auto high = static_cast<std::uint32_t>(number32());
    const auto low = static_cast<std::uint32_t>(number32());
    return static_cast<std::int64_t>((std::uint64_t{high} << 32U) | low);
  }
  std::string_view rest() const { return good_ ? bytes_.substr(at_) : std::string_view{}; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool good_ = true;
};

struct Counts {
  std::uint32_t is_utc = 0, is_standard = 0, leaps = 0, times = 0, types = 0, characters = 0;
  char version = 0;
};

Counts read_header(BytesReader& in) {
  Counts counts;
  in.skip(4);
  counts.version = static_cast<char>(in.byte());
  in.skip(15);
  for (std::uint32_t* count :
       {&counts.is_utc, &counts.is_standard, &counts.leaps, &counts.times, &counts.types, &counts.characters}) {
    *count = static_cast<std::uint32_t>(in.number32());
  }
  return counts;
}

Error damaged(const std::string& name) {
  return {"the time zone file of \"" + name + "\" is damaged: install the package tzdata again"};
}

}  // namespace

Result<TimeZone> TimeZone::load(const std::string& name, const std::string& folder) {
  if (name.empty() || name == "UTC") return TimeZone{};
  std::string path = folder + "/" + name;
  if (name == "Local") {
    const char* const variable = std::getenv("TZ");  // NOLINT(concurrency-mt-unsafe)
    std::string local = variable == nullptr ? "" : variable;
    if (!local.empty() && local.front() == ':') local.erase(0, 1);
    if (variable != nullptr && (local.empty() || local == "UTC")) return TimeZone{};
    path = variable == nullptr ? "/etc/localtime" : local.front() == '/' ? local : folder + "/" + local;
  } else if (name.front() == '/' || name.find("..") != std::string::npos ||
             std::any_of(name.begin(), name.end(), [](unsigned char c) { return c <= ' ' || c >= 0x7f; })) {
    return Error{"\"" + name + "\" is not the name of a time zone: write it as in Europe/Berlin"};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file && name == "Local") return TimeZone{};
  std::string content(max_bytes, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.empty()) {
    return Error{"the time zone \"" + name + "\" is not in " + folder +
                 ": write it as in Europe/Berlin, or install the package tzdata"};
  }
  return parse(content, name);
}

Result<TimeZone> TimeZone::parse(const std::string& content, const std::string& name) {
  if (content.size() < header_bytes || content.compare(0, 4, "TZif") != 0) return damaged(name);
  BytesReader in(content);
  Counts counts = read_header(in);
  const bool wide = counts.version >= '2';
  if (wide) {  // the first part holds times of 32 bits, for old readers
    in.skip(std::uint64_t{counts.times} * 5 + std::uint64_t{counts.types} * 6 + counts.characters +
            std::uint64_t{counts.leaps} * 8 + counts.is_standard + counts.is_utc);
    if (in.rest().substr(0, 4) != "TZif") return damaged(name);
    counts = read_header(in);
  }
  if (!in.good() || counts.types == 0 || counts.times > content.size() || counts.types > 256) return damaged(name);
  TimeZone zone;
  zone.changes_.resize(counts.times);
  for (Change& change : zone.changes_) change.from = wide ? in.number64() : in.number32();
  for (Change& change : zone.changes_) change.to = in.byte();
  zone.times_.resize(counts.types);
  std::vector<std::size_t> names;
  for (ZoneTime& time : zone.times_) {
    time.offset_seconds = in.number32();
    in.skip(1);
    names.push_back(in.byte());
    if (time.offset_seconds < -200'000 || time.offset_seconds > 200'000) return damaged(name);
  }
  const std::string_view letters = in.take(counts.characters);
  in.skip(std::uint64_t{counts.leaps} * (wide ? 12 : 8) + counts.is_standard + counts.is_utc);
  if (!in.good()) return damaged(name);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] >= letters.size()) return damaged(name);
    const std::string_view text = letters.substr(names[i], letters.find('\0', names[i]) - names[i]);
    zone.times_[i].name = {};
    std::copy_n(text.begin(), std::min(text.size(), zone.times_[i].name.size() - 1), zone.times_[i].name.begin());
  }
  if (std::any_of(zone.changes_.begin(), zone.changes_.end(), [&](const Change& c) { return c.to >= names.size(); })) {
    return damaged(name);
  }
  const auto by_time = [](const Change& a, const Change& b) { return a.from < b.from; };
  if (!std::is_sorted(zone.changes_.begin(), zone.changes_.end(), by_time)) return damaged(name);
  zone.after_ = ZoneRule(zone.times_[zone.changes_.empty() ? 0 : zone.changes_.back().to]);
  const std::string_view rest = wide ? in.rest() : std::string_view{};
  const std::size_t end = rest.size() > 1 ? rest.find('\n', 1) : std::string_view::npos;
  if (end == std::string_view::npos || end == 1) return zone;
  const std::optional<ZoneRule> rule = ZoneRule::parse(rest.substr(1, end - 1));
  if (!rule) return damaged(name);
  zone.after_ = *rule;
  return zone;
}

ZoneTime TimeZone::at(std::int64_t seconds) const {
  if (changes_.empty() || seconds >= changes_.back().from) return after_.at(seconds);
  const auto next = std::upper_bound(changes_.begin(), changes_.end(), seconds,
                                     [](std::int64_t moment, const Change& change) { return moment < change.from; });
  return times_[next == changes_.begin() ? 0 : std::prev(next)->to];
}

BELLWETHER_NAMESPACE_END
