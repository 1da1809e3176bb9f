// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "net/outgoing_answer.hpp"

#include <cstdio>
#include <utility>

#include "net/response_head.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

Response OutgoingAnswer::internal_error() {
  return Response::text(500, "the server could not answer this request\n");
}

void OutgoingAnswer::begin(Response response, const Terms& terms, const std::vector<Field>& configured,
                           std::chrono::nanoseconds wall_time) {
  if (!is_sendable(response)) response = internal_error();
  const bool without_body = terms.is_head || !may_have_body(response.status);
  has_more_ = false;
  chunk_.clear();
  tail_.clear();
  take_source(response, without_body);
  keep_alive_ = terms.keep_alive;
  Framing framing;
  framing.http10 = terms.http10;
  if (const auto* text = std::get_if<std::string>(&response.body)) {
    framing.content_length = text->size();
  } else {
    framing.chunked = !terms.http10;
    if (terms.http10) keep_alive_ = false;  // the end of the connection is that of the body
  }
  chunked_ = framing.chunked;
  framing.keep_alive = keep_alive_;
  status_ = response.status;
  lead_ = response_head(response, framing, configured, wall_time);
  if (source_) return frame_chunk();
  if (auto* text = std::get_if<std::string>(&response.body); text != nullptr && !without_body) {
    chunk_ = std::move(*text);
  }
}

// The first chunk is made before the head is sent: a source that fails at once still becomes a 500.
void OutgoingAnswer::take_source(Response& response, bool without_body) {
  auto* source = std::get_if<std::unique_ptr<BodySource>>(&response.body);
  if (source == nullptr) return;
  if (!*source) {
    response = internal_error();
    return;
  }
  if (without_body) return;
  source_ = std::move(*source);
  if (!pull()) {
    chunk_.clear();
    response = internal_error();
  } else if (has_more_) {
    return;
  } else {
    response.body = std::exchange(chunk_, {});  // all of it: sent as any other text
  }
  source_.reset();
}

bool OutgoingAnswer::pull() {
  chunk_.clear();
  try {
    has_more_ = source_->next(chunk_);
    return true;
  } catch (...) {
    has_more_ = false;
    return false;
  }
}

void OutgoingAnswer::frame_chunk() {
  tail_.clear();
  if (!chunked_) return;
  if (!chunk_.empty()) {
    std::array<char, 24> size{};
    const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", chunk_.size());
    lead_.append(size.data(), static_cast<std::size_t>(length));
    tail_ = "\r\n";
  }
  if (!has_more_) tail_ += "0\r\n\r\n";
}

std::array<boost::asio::const_buffer, 3> OutgoingAnswer::buffers() const {
  return {boost::asio::buffer(lead_), boost::asio::buffer(chunk_), boost::asio::buffer(tail_)};
}

OutgoingAnswer::Step OutgoingAnswer::next() {
  lead_.clear();
  if (!has_more_) return Step::done;
  if (!pull()) return Step::broken;
  if (has_more_ && chunk_.empty()) return Step::wait;
  frame_chunk();
  return Step::write;
}

void OutgoingAnswer::end_body() {
  chunk_.clear();
  has_more_ = false;
  frame_chunk();
}

}  // namespace net
BELLWETHER_NAMESPACE_END
