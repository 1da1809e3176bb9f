// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <chrono>
#include <cstdio>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace resilience {

/// "3.25 s": for messages.
inline std::string duration_text(std::chrono::nanoseconds duration) {
  char text[48];
  std::snprintf(text, sizeof text, "%.6g s", std::chrono::duration<double>(duration).count());
  return text;
}

}  // namespace resilience
BELLWETHER_NAMESPACE_END
