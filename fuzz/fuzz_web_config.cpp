// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "config/web_config.hpp"

/// Any bytes give a configuration, or an error that names the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto config = bellwether::config::parse_web_config({reinterpret_cast<const char*>(data), size}, "web.yml");
  if (!config && !config.error().message.starts_with("web.yml")) std::abort();
  return 0;
}
