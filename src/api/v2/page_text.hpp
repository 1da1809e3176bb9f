// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "net/http_message.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// A small page, without scripts, that nobody may frame or keep. `content` is HTML.
net::Response html_page(int status, std::string_view title, std::string_view content);

}  // namespace api
BELLWETHER_NAMESPACE_END
