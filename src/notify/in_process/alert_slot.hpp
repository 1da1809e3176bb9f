// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bellwether/alerts.hpp>
#include <cstdint>
#include <cstring>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// A text in a place of fixed size: no allocation. What is too long is cut between two characters and ends with "…".
template <std::size_t size>
class FixedText {
 public:
  void assign(std::string_view text) noexcept {
    constexpr std::string_view ellipsis = "\xE2\x80\xA6";
    static_assert(size > ellipsis.size() && size < UINT16_MAX);
    std::size_t length = text.size();
    if (length > size) {
      length = size - ellipsis.size();
      while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
      std::memcpy(bytes_ + length, ellipsis.data(), ellipsis.size());
    }
    if (length > 0) std::memcpy(bytes_, text.data(), length);
    length_ = static_cast<std::uint16_t>(text.size() > size ? length + ellipsis.size() : length);
  }
  std::string_view view() const noexcept { return {bytes_, length_}; }

 private:
  std::uint16_t length_ = 0;
  char bytes_[size];
};

/// An alert on its way from the caller to the thread.
struct AlertSlot {
  AlertSeverity severity = AlertSeverity::info;
  std::int64_t at_ms = 0;
  FixedText<AlertMessage::max_name> name;
  FixedText<AlertMessage::max_title> title;
  FixedText<AlertMessage::max_message> message;
  FixedText<AlertMessage::max_component> component;
  FixedText<AlertMessage::max_runbook_url> runbook_url;
  FixedText<AlertMessage::max_value> value;

  void assign(const AlertMessage& from, std::int64_t now_ms) noexcept {
    severity = from.severity;
    at_ms = now_ms;
    name.assign(from.name.empty() ? from.title : from.name);
    title.assign(from.title);
    message.assign(from.message);
    component.assign(from.component);
    runbook_url.assign(from.runbook_url);
    value.assign(from.value);
  }
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
