// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/zone_file.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

/// Big-endian numbers out of a text whose length was checked.
std::uint64_t number_at(std::string_view content, std::size_t at, std::size_t bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes; ++i) number = number << 8 | static_cast<unsigned char>(content[at + i]);
  return number;
}

struct Header {
  std::size_t universal, standard, leaps, changes, types, letters;

  explicit Header(std::string_view content)
      : universal(number_at(content, 20, 4)),
        standard(number_at(content, 24, 4)),
        leaps(number_at(content, 28, 4)),
        changes(number_at(content, 32, 4)),
        types(number_at(content, 36, 4)),
        letters(number_at(content, 40, 4)) {}

  std::size_t size(std::size_t time_bytes) const {
    return changes * (time_bytes + 1) + types * 6 + letters + leaps * (time_bytes + 4) + standard + universal;
  }
};

constexpr std::size_t header_bytes = 44;

bool begins_well(std::string_view content) {
  return content.size() >= header_bytes && content.starts_with("TZif");
}

}  // namespace

Result<ZoneFile> ZoneFile::parse(std::string_view content, const std::string& name) {
  const Error damaged{"the file of time zone \"" + name + "\" is damaged"};
  if (!begins_well(content)) return damaged;
  if (content[4] >= '2') {  // the first part holds times of 32 bits, for old readers
    const std::size_t old_part = header_bytes + Header(content).size(4);
    if (content.size() < old_part) return damaged;
    content.remove_prefix(old_part);
    if (!begins_well(content)) return damaged;
  } else {
    return Error{"the file of time zone \"" + name + "\" is of version 1: install a current tzdata"};
  }
  const Header header(content);
  constexpr std::size_t time_bytes = 8;
  if (content.size() < header_bytes + header.size(time_bytes) || header.types == 0) return damaged;
  const std::size_t indexes = header_bytes + header.changes * time_bytes;
  const std::size_t types = indexes + header.changes;
  const std::string_view letters = content.substr(types + header.types * 6, header.letters);
  ZoneFile zone;
  for (std::size_t i = 0; i < header.types; ++i) {
    ZoneTime type;
    type.offset_seconds = static_cast<std::int32_t>(number_at(content, types + i * 6, 4));
    const std::size_t from = static_cast<unsigned char>(content[types + i * 6 + 5]);
    if (from >= letters.size()) return damaged;
    const std::string_view text = letters.substr(from, letters.find('\0', from) - from);
    std::copy_n(text.begin(), std::min(text.size(), type.name.size() - 1), type.name.begin());
    zone.types_.push_back(type);
  }
  for (std::size_t i = 0; i < header.changes; ++i) {
    const auto from = static_cast<std::int64_t>(number_at(content, header_bytes + i * time_bytes, time_bytes));
    const std::size_t type = static_cast<unsigned char>(content[indexes + i]);
    if (type >= zone.types_.size()) return damaged;
    zone.changes_.push_back({from, type});
  }
  return zone;
}

ZoneTime ZoneFile::at(std::int64_t seconds) const {
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), seconds,
                                      [](std::int64_t time, const Change& change) { return time < change.from; });
  return types_[after == changes_.begin() ? 0 : std::prev(after)->type];
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
