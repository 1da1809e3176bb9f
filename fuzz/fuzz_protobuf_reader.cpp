// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "exposition/protobuf_reader.hpp"
#include "read_everything.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bellwether;
  for (const bool classic_too : {false, true}) {
    exposition::ProtobufReader reader({reinterpret_cast<const char*>(data), size},
                                      {.classic_histograms_too = classic_too});
    fuzz::read_everything(reader);
  }
  return 0;
}
