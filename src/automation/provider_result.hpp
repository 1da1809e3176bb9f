// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Why a provider gave no answer: the label `error_type` of api_errors_total.
enum class ProviderErrorType : std::uint8_t {
  timeout,       ///< no whole answer in time; the request may have been carried out
  connection,    ///< no name, nobody there, no trust, or the connection broke
  http_4xx,      ///< refused: the request is wrong, or the key is not (any longer) good
  http_5xx,      ///< the provider has failed
  rate_limit,    ///< 429, or every key has to wait for an earlier one
  bad_response,  ///< an answer that is none: not HTTP, too large, not JSON
  circuit_open,  ///< not asked: the breakers of all keys are open
  bad_request,   ///< not asked: the URL or a header cannot be
  cancelled,     ///< we stop; counts nowhere
};
std::string_view name_of(ProviderErrorType type) noexcept;

struct ProviderError {
  ProviderErrorType type = ProviderErrorType::connection;
  std::string message = {};                 ///< provider, what, after how many attempts; never a key, never the path
  std::chrono::nanoseconds retry_after{0};  ///< when another call may be worth it; 0: not known
};

struct ProviderAnswer {
  int status = 200;
  std::string body = {};
  std::string key_id = {};           ///< the key that was used
  std::chrono::nanoseconds took{0};  ///< of the attempt that succeeded
  unsigned attempts = 1;
};

/// An answer, or why there is none.
class [[nodiscard]] ProviderResult {
 public:
  ProviderResult(ProviderAnswer answer) : content_(std::move(answer)) {}  // NOLINT(google-explicit-constructor)
  ProviderResult(ProviderError error) : content_(std::move(error)) {}     // NOLINT(google-explicit-constructor)

  bool has_value() const noexcept { return content_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  /// Requires `has_value()`.
  const ProviderAnswer& operator*() const noexcept { return *std::get_if<0>(&content_); }
  const ProviderAnswer* operator->() const noexcept { return std::get_if<0>(&content_); }
  /// Requires `!has_value()`.
  const ProviderError& error() const noexcept { return *std::get_if<1>(&content_); }

 private:
  std::variant<ProviderAnswer, ProviderError> content_;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
