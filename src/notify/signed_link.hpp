// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

enum class LinkPurpose : std::uint8_t { silence, acknowledge };

/// What a link in a message allows, without a login, until it expires.
struct LinkClaim {
  LinkPurpose purpose = LinkPurpose::acknowledge;
  std::string subject;  ///< of a silence: a matcher expression; of an acknowledgement: a fingerprint or a group's key
  std::int64_t expires_ms = 0;

  friend bool operator==(const LinkClaim&, const LinkClaim&) = default;
};

/// Signs links and checks them: HMAC-SHA256 over purpose, subject and expiry, by a key that never leaves the monitor.
///
///     LinkSigner signer{key};
///     url = external_url + "/-/acknowledge?token=" + signer.sign({LinkPurpose::acknowledge, fingerprint, now + day});
///     Result<LinkClaim> claim = signer.check(token, LinkPurpose::acknowledge, now_ms);
///
/// The token is of letters, digits, - _ and . only. It can be read by anyone who has it, and used more than once: what it allows can
/// be done twice without harm. A GET must only show a page that asks; the POST from it does it (mail scanners follow links).
///
/// Threads: immutable; any.
class LinkSigner {
 public:
  /// `key`: 32 random bytes.
  explicit LinkSigner(std::string key) : key_(std::move(key)) {}
  /// The key of this file; where it is missing, a new one is made (mode 0600) first.
  static Result<LinkSigner> with_key_file(const std::string& path);

  std::string sign(const LinkClaim& claim) const;
  /// Errors: not ours, for another purpose, expired. The comparison takes the same time for any wrong signature.
  Result<LinkClaim> check(std::string_view token, LinkPurpose purpose, std::int64_t now_ms) const;

 private:
  std::string key_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
