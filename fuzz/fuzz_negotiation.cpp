// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/exposition.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// Any Accept header gives a format that can be named in a header again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto format = bellwether::negotiate({reinterpret_cast<const char*>(data), size});
  if (format.content_type().find_first_of("\r\n") != std::string::npos) std::abort();
  return 0;
}
