// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "net/http_date.hpp"
#include "net/http_transport.hpp"

/// Any Retry-After is a wait of up to a year, or none. Any date that can be read can be written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bellwether::net;
  using std::chrono::seconds;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const HttpResponse response{.status = 503, .headers = {{"Retry-After", text}}};
  for (const seconds now : {seconds{0}, seconds{784111777}, seconds{9000000000}}) {
    const auto wait = response.retry_after(now);
    if (wait && (wait->count() < 0 || *wait > std::chrono::hours{24 * 365})) std::abort();
  }
  const auto date = parse_http_date(text);
  constexpr seconds last{9223372036};  // that nanoseconds hold
  if (date && *date > -last && *date < last && date->count() >= 0 && parse_http_date(http_date(*date)) != date) {
    std::abort();
  }
  return 0;
}
