// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// Prometheus's errorType, each with its status.
enum class ErrorType : std::uint8_t {
  bad_data,
  execution,
  timeout,
  canceled,
  internal,
  unavailable,
  not_found,
  not_acceptable,
  not_implemented,
};

/// {"status":"error","errorType":"bad_data","error":"..."}
net::Response failure(ErrorType type, std::string_view message);

/// {"status":"success","data":...,"warnings":[...]} of JSON that is there already.
net::Response success(std::string_view data, const std::vector<std::string>& warnings = {});

/// A body that is written while it is sent; compressed if the client takes it and it is not larger than a few MiB.
net::Response stream(const net::Request& request, std::unique_ptr<net::BodySource> body);
/// The same for an answer that is a text already.
net::Response compressed(const net::Request& request, net::Response response);

}  // namespace api
BELLWETHER_NAMESPACE_END
