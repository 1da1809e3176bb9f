// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "notify/alert_book.hpp"
#include "notify/group.hpp"
#include "notify/notification.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

// What stands in the blobs of the notifier's file: a version, then the fields in order; numbers as LEB128, texts with their length.
// Decoding gives nothing for bytes that are cut, damaged, or of a later version.

std::string encode(const KeptAlert& alert);
std::optional<KeptAlert> decode_alert(std::string_view bytes);

std::string encode(const Group& group);  ///< without its members
std::optional<Group> decode_group(std::string_view bytes);

std::string encode(const Member& member);
std::optional<Member> decode_member(std::string_view bytes);

std::string encode(const Notification& notification);
std::optional<Notification> decode_notification(std::string_view bytes);

std::string encode(const std::vector<std::string>& texts);
std::optional<std::vector<std::string>> decode_texts(std::string_view bytes);

}  // namespace notify
BELLWETHER_NAMESPACE_END
