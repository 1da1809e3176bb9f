// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
// An answer over HTTP: the first byte says in parts of how many bytes it comes, which must not matter.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "net/answer_reader.hpp"

namespace {

using namespace bellwether::net;
using State = AnswerReader::State;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most = 256;
  if (size < 2) return 0;
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  AnswerReader whole(most);
  const State state = whole.feed(bytes);
  AnswerReader in_parts(most);
  State last = State::more;
  for (std::size_t at = 0; at < bytes.size() && last == State::more; at += data[0] + 1U) {
    last = in_parts.feed(bytes.substr(at, data[0] + 1U));
  }
  require(last == state);
  require(whole.body_bytes() <= most && in_parts.body_bytes() <= most);
  if (state != State::done) return 0;
  const HttpResponse a = whole.take();
  const HttpResponse b = in_parts.take();
  require(a.status == 200 && a.body == b.body && a.headers == b.headers);
  return 0;
}
