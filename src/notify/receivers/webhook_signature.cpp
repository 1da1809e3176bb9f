// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/webhook_signature.hpp"

#include "notify/receivers/message_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

std::string webhook_signature(std::string_view key, std::int64_t seconds, std::string_view body) {
  const std::string time = std::to_string(seconds);
  return "t=" + time + ",v1=" + hmac_sha256_hex(key, time + "." + std::string(body));
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
