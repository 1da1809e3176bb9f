// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

// RFC 5322 and its kin. Nothing that is put into these comes out as a further header, recipient or line of SMTP.

struct MailAddress {
  std::string name;     ///< may be empty
  std::string address;  ///< "ops@example.org"

  friend bool operator==(const MailAddress&, const MailAddress&) = default;
};

/// `a@b.org, "On call" <c@d.org>`. An address has one @, no space, control character or bracket, and at most 254 bytes of ASCII. Errors:
/// one that has not, by its name.
Result<std::vector<MailAddress>> parse_addresses(std::string_view text);

/// Addresses as the value of a header, folded.
std::string address_header(const std::vector<MailAddress>& addresses);

/// A text as the value of a header: one line; encoded words of RFC 2047 where it is not plain ASCII or too long for a line.
std::string header_text(std::string_view text);

/// A name of a header as it may stand: letters, digits and hyphens; else empty.
std::string header_name(std::string_view name);

/// Lines of at most 76 characters that end with CR LF.
std::string quoted_printable(std::string_view text);

}  // namespace notify
BELLWETHER_NAMESPACE_END
