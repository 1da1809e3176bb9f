// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "exposition/text_reader.hpp"
#include "read_everything.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bellwether;
  exposition::TextReader reader({reinterpret_cast<const char*>(data), size}, exposition::TextFormat::prometheus);
  fuzz::read_everything(reader);
  return 0;
}
