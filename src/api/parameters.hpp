// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// Unix seconds with a fraction, or RFC 3339, as milliseconds.
std::optional<std::int64_t> parse_time(std::string_view text);

/// A positive or negative number of seconds, or a duration as PromQL writes it, in milliseconds.
std::optional<std::int64_t> parse_step(std::string_view text);

/// Those of a form in the body, then those of the URL, as Prometheus takes them. Errors say `invalid parameter "time": ...`.
class Parameters {
 public:
  explicit Parameters(const net::Request& request);

  /// Nothing when it is missing or empty.
  std::optional<std::string> text(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;

  Result<std::int64_t> time(std::string_view name) const;
  Result<std::int64_t> time(std::string_view name, std::int64_t otherwise) const;
  /// Milliseconds; 0 when it is missing.
  Result<std::int64_t> duration(std::string_view name) const;
  /// 0: no limit.
  Result<std::size_t> limit(std::string_view name = "limit") const;
  /// Of match[]. An error when there is none and `required`.
  Result<std::vector<std::vector<storage::Matcher>>> selectors(bool required) const;

 private:
  std::vector<net::Field> fields_;
};

}  // namespace api
BELLWETHER_NAMESPACE_END
