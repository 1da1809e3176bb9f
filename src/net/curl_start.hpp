// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>
#include <bellwether/version.hpp>

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// libcurl's global state is made at the first use and stays until the process ends. False: it cannot be made.
inline bool start_libcurl_once() {
  static const bool done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return done;
}

}  // namespace net
BELLWETHER_NAMESPACE_END
