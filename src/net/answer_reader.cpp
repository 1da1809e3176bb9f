// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/answer_reader.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <charconv>

#include "net/response_head.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

namespace {

constexpr std::size_t max_head_bytes = 64UL * 1024;
constexpr std::size_t max_line_bytes = 1024;  // of the chunked coding
constexpr std::size_t max_trailer_bytes = 8UL * 1024;
constexpr std::size_t max_digits = 15;  // no overflow

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool read_number(std::string_view text, int base, std::size_t& out) {
  if (text.empty() || text.size() > max_digits) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  return error == std::errc() && end == text.data() + text.size();
}

/// Lines that end without a carriage return: there the head's end would be waited for in vain.
bool has_bare_line_end(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('\n', from); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (at == 0 || text[at - 1] != '\r') return true;
  }
  return false;
}

}  // namespace

bool AnswerReader::read_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!is_header_name(name) || !is_header_value(value)) return false;  // a folded line has no name either
  using boost::beast::iequals;
  if (iequals(name, "Content-Length")) {
    if (has_length_ || !read_number(value, 10, left_)) return false;
    has_length_ = true;
  } else if (iequals(name, "Transfer-Encoding")) {
    if (is_chunked_ || !iequals(value, "chunked")) return false;
    is_chunked_ = true;
  } else if (iequals(name, "Connection") && !iequals(value, "keep-alive")) {
    keeps_connection_ = false;
  }
  response_.headers.emplace_back(name, value);
  return true;
}

bool AnswerReader::read_head(std::string_view head) {
  const std::size_t end = head.find("\r\n");
  const std::string_view status = head.substr(0, end);
  constexpr std::string_view wanted = "HTTP/1.1 200";
  if (!status.starts_with(wanted) || (status.size() > wanted.size() && status[wanted.size()] != ' ')) return false;
  response_.status = 200;
  response_.headers.reserve(12);
  for (std::size_t at = end + 2; at < head.size();) {
    const std::size_t next = head.find("\r\n", at);
    if (!read_header(head.substr(at, next - at))) return false;
    at = next + 2;
  }
  if (has_length_ == is_chunked_) return false;  // both, or up to the end of the connection
  part_ = is_chunked_ ? Part::chunk_size : Part::whole_body;
  response_.body.reserve(std::min(
      max_body_bytes_, has_length_ ? std::min(left_, 4 * expected_body_bytes_ + 65'536) : expected_body_bytes_));
  return true;
}

bool AnswerReader::take_head(std::string_view& bytes) {
  const std::size_t from = line_.size() < 3 ? 0 : line_.size() - 3;
  const std::size_t before = line_.size();
  line_.append(bytes.substr(0, max_head_bytes + 4 - std::min(before, max_head_bytes)));
  const std::size_t end = line_.find("\r\n\r\n", from);
  if (has_bare_line_end(std::string_view(line_).substr(0, end), before)) return false;
  if (end == std::string::npos) {
    bytes = {};
    return line_.size() <= max_head_bytes;
  }
  bytes.remove_prefix(end + 4 - before);
  line_.resize(end + 2);
  const bool good = read_head(line_);
  line_.clear();
  return good;
}

// Up to a line end. False: longer than a line may be.
bool AnswerReader::take_line(std::string_view& bytes) {
  const std::size_t end = bytes.find('\n');
  line_.append(bytes.substr(0, end == std::string_view::npos ? end : end + 1));
  bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  line_is_whole_ = end != std::string_view::npos;
  if (line_.size() > max_line_bytes) return false;
  if (!line_is_whole_) return true;
  if (!line_.ends_with("\r\n")) return false;
  line_.resize(line_.size() - 2);
  return true;
}

bool AnswerReader::begin_chunk() {
  const std::string_view line = line_;
  if (!read_number(trimmed(line.substr(0, line.find(';'))), 16, left_)) return false;
  part_ = left_ == 0 ? Part::trailer : Part::chunk;
  line_.clear();
  return true;
}

void AnswerReader::take_body(std::string_view& bytes) {
  const std::size_t size = std::min(left_, bytes.size());
  response_.body.append(bytes.substr(0, size));
  bytes.remove_prefix(size);
  left_ -= size;
}

AnswerReader::State AnswerReader::step(std::string_view& bytes) {
  switch (part_) {
    case Part::head:
      if (!take_head(bytes)) return State::odd;
      return part_ == Part::whole_body && left_ > max_body_bytes_ ? State::too_large : State::more;
    case Part::whole_body:
      take_body(bytes);
      return left_ == 0 ? State::done : State::more;
    case Part::chunk_size:
      if (!take_line(bytes) || (line_is_whole_ && !begin_chunk())) return State::odd;
      return part_ == Part::chunk && left_ > max_body_bytes_ - response_.body.size() ? State::too_large : State::more;
    case Part::chunk:
      take_body(bytes);
      if (left_ == 0) part_ = Part::chunk_end;
      return State::more;
    case Part::chunk_end:
      if (!take_line(bytes)) return State::odd;
      if (!line_is_whole_) return State::more;
      part_ = Part::chunk_size;
      return line_.empty() ? State::more : State::odd;
    case Part::trailer:
      if (!take_line(bytes)) return State::odd;
      if (!line_is_whole_) return State::more;
      if (line_.empty()) return State::done;
      trailer_bytes_ += line_.size();
      line_.clear();
      return trailer_bytes_ <= max_trailer_bytes ? State::more : State::odd;
  }
  return State::odd;
}

AnswerReader::State AnswerReader::feed(std::string_view bytes) {
  has_begun_ = has_begun_ || !bytes.empty();
  State state = State::more;
  do {
    state = step(bytes);
  } while (state == State::more && (!bytes.empty() || (part_ == Part::whole_body && left_ == 0)));
  if (!bytes.empty()) keeps_connection_ = false;  // an answer that nobody asked for
  return state;
}

}  // namespace net
BELLWETHER_NAMESPACE_END
