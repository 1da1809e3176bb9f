// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

// Alertmanager says no in two ways: what its handlers refuse is a text, what the check of its OpenAPI description refuses is an
// object with a code. Clients show either.

/// "start time must be before end time" with quotes, as JSON.
net::Response refusal(int status, std::string_view message);

/// {"code":602,"message":"0.labels in body is required"}
net::Response refusal(int status, int code, std::string_view message);

/// For a member that must be there, 422.
net::Response missing(std::string_view member);

/// What was read, or the answer that says why it was not.
template <typename T>
class Posted {
 public:
  Posted(T value) : content_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  // NOLINTNEXTLINE(google-explicit-constructor)
  Posted(net::Response refused) : content_(std::in_place_index<1>, std::move(refused)) {}

  explicit operator bool() const noexcept { return content_.index() == 0; }
  T& operator*() noexcept { return *std::get_if<0>(&content_); }
  T* operator->() noexcept { return std::get_if<0>(&content_); }
  /// Requires that there is no value. Once.
  net::Response refused() { return std::move(*std::get_if<1>(&content_)); }

 private:
  std::variant<T, net::Response> content_;
};

}  // namespace api
BELLWETHER_NAMESPACE_END
