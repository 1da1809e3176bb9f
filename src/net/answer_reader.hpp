// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// Reads the answer that nearly every answer is, while it arrives: HTTP/1.1, status 200, a body of known length or in chunks.
/// Whatever else comes is `odd`, and somebody who knows all of HTTP must ask again.
///
///     AnswerReader reader(16 << 20, last_size);
///     while (reader.feed(bytes) == AnswerReader::State::more) ...
///     HttpResponse response = reader.take();
///
/// Strict where two could read it differently: two lengths, a length beside chunks, folded headers are odd. Trailers are left out.
/// Threads: one at a time. Memory: the body, and a head of at most 64 KiB.
class AnswerReader {
 public:
  enum class State { more, done, odd, too_large };

  /// `expected_body_bytes` is only room that is made beforehand.
  explicit AnswerReader(std::size_t max_body_bytes, std::size_t expected_body_bytes = 0)
      : max_body_bytes_(max_body_bytes), expected_body_bytes_(expected_body_bytes) {}

  /// After anything but `more` only `take` and the questions below are allowed.
  State feed(std::string_view bytes);

  HttpResponse take() noexcept { return std::move(response_); }
  /// Whether another request may follow on this connection; after `done`.
  bool keeps_connection() const noexcept { return keeps_connection_; }
  /// Bytes of any kind have come.
  bool has_begun() const noexcept { return has_begun_; }
  std::size_t body_bytes() const noexcept { return response_.body.size(); }

 private:
  enum class Part { head, whole_body, chunk_size, chunk, chunk_end, trailer };

  bool take_head(std::string_view& bytes);
  bool read_head(std::string_view head);
  bool read_header(std::string_view line);
  bool take_line(std::string_view& bytes);
  bool begin_chunk();
  void take_body(std::string_view& bytes);
  State step(std::string_view& bytes);

  std::size_t max_body_bytes_;
  std::size_t expected_body_bytes_;
  Part part_ = Part::head;
  HttpResponse response_;
  std::string line_;  // the head, later a line of the chunked coding, as far as they have come
  std::size_t left_ = 0;
  std::size_t trailer_bytes_ = 0;
  bool line_is_whole_ = false;
  bool has_length_ = false;
  bool is_chunked_ = false;
  bool keeps_connection_ = true;
  bool has_begun_ = false;
};

}  // namespace net
BELLWETHER_NAMESPACE_END
