// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <ostream>
#include <string>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace config {

/// A password or token of a configuration file. Printing it prints `<secret>`; only `reveal()` gives it away, so that a
/// search for that word finds every place where it leaves us.
///
///     log << auth.password;              // <secret>
///     request.auth = {user, auth.password.reveal()};
///
/// Threads: a plain value.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  bool empty() const noexcept { return value_.empty(); }
  const std::string& reveal() const noexcept { return value_; }

  friend bool operator==(const Secret&, const Secret&) = default;
  friend std::string to_string(const Secret& secret) { return secret.empty() ? "" : "<secret>"; }
  friend std::ostream& operator<<(std::ostream& out, const Secret& secret) { return out << to_string(secret); }

 private:
  std::string value_;
};

}  // namespace config
BELLWETHER_NAMESPACE_END
