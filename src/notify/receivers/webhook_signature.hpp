// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// The header `X-Bellwether-Signature` of a webhook: `t=<seconds since 1970>,v1=<HMAC-SHA-256 of "<t>.<body>" in hex>`. Who receives
/// it computes the same with the shared key, compares in constant time, and refuses what is older than some minutes.
std::string webhook_signature(std::string_view key, std::int64_t seconds, std::string_view body);

}  // namespace notify
BELLWETHER_NAMESPACE_END
