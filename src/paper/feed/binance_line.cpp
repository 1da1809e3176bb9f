// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/binance_line.hpp"

#include <charconv>

#include "paper/feed/json_cursor.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

/// The year 2096: sums and differences of such times cannot overflow.
constexpr SimTime max_time = 4'000'000'000'000'000'000;
/// Far above any exchange's ids; the next one still fits.
constexpr std::int64_t max_id = std::int64_t{1} << 62;

/// The members of a message's "data", by their one-letter names. Which were there is kept in a bit set.
struct Fields {
  enum Bit : unsigned { event_time = 1, trade_id = 2, price = 4, quantity = 8, first = 16, last = 32, quote = 64 };

  std::string_view symbol;
  std::int64_t event_milliseconds = 0;
  unsigned seen = 0;
  unsigned quote_parts = 0;
};

bool milliseconds(JsonCursor& json, std::int64_t& out) noexcept {
  return json.integer(out) && out > 0 && out <= max_time / nanoseconds_per_millisecond;
}

/// "b" and "a" hold a price in a book ticker and the changed levels in a depth update.
bool level_or_price(JsonCursor& json, double& out, Fields& fields) noexcept {
  if (json.peek('[')) return json.skip_value();
  ++fields.quote_parts;
  return json.decimal(out);
}

bool id(JsonCursor& json, std::int64_t& out) noexcept {
  return json.integer(out) && out >= 0 && out <= max_id;
}

bool one_letter_field(JsonCursor& json, char key, MarketEvent& event, Fields& fields) noexcept {
  switch (key) {
    case 's':
      return json.string(fields.symbol);
    case 'E':
      fields.seen |= Fields::event_time;
      return milliseconds(json, fields.event_milliseconds);
    case 't':
      fields.seen |= Fields::trade_id;
      return id(json, event.first_id);
    case 'p':
      fields.seen |= Fields::price;
      return json.decimal(event.price);
    case 'q':
      fields.seen |= Fields::quantity;
      return json.decimal(event.quantity);
    case 'm':
      return json.boolean(event.buyer_is_maker);
    case 'U':
      fields.seen |= Fields::first;
      return id(json, event.first_id);
    case 'u':
      fields.seen |= Fields::last;
      return id(json, event.last_id);
    case 'b':
      return level_or_price(json, event.bid, fields);
    case 'a':
      return level_or_price(json, event.ask, fields);
    case 'B':
      ++fields.quote_parts;
      return json.decimal(event.bid_quantity);
    case 'A':
      ++fields.quote_parts;
      return json.decimal(event.ask_quantity);
    default:
      return json.skip_value();
  }
}

bool data_fields(JsonCursor& json, MarketEvent& event, Fields& fields) {
  return json.object([&](std::string_view key) {
    if (key.size() == 1) return one_letter_field(json, key.front(), event, fields);
    if (key == "pu") return id(json, event.previous_last_id);
    return json.skip_value();
  });
}

bool has(const Fields& fields, unsigned bits) noexcept {
  return (fields.seen & bits) == bits;
}

/// Gives the event its kind by the stream's name and sees that it has what that kind needs.
LineProblem complete(std::string_view stream, const Fields& fields, MarketEvent& event) noexcept {
  const auto at = stream.find('@');
  if (at == std::string_view::npos) return LineProblem::unknown_stream;
  const std::string_view channel = stream.substr(at + 1);
  if (fields.symbol.empty()) return LineProblem::missing_field;
  if (channel == "trade") {
    event.kind = EventKind::trade;
    event.last_id = event.first_id;
    return has(fields, Fields::trade_id | Fields::price | Fields::quantity) ? LineProblem::none
                                                                            : LineProblem::missing_field;
  }
  if (channel == "bookTicker") {
    event.kind = EventKind::book_ticker;
    event.first_id = event.last_id;
    return has(fields, Fields::last) && fields.quote_parts == 4 ? LineProblem::none : LineProblem::missing_field;
  }
  if (channel.substr(0, 5) == "depth") {
    event.kind = EventKind::depth_update;
    return has(fields, Fields::first | Fields::last) ? LineProblem::none : LineProblem::missing_field;
  }
  return LineProblem::unknown_stream;
}

}  // namespace

std::string_view describe(LineProblem problem) noexcept {
  switch (problem) {
    case LineProblem::none:
      return "good";
    case LineProblem::no_local_time:
      return "does not begin with a local time in nanoseconds and a space";
    case LineProblem::broken_json:
      return "the message is not whole JSON";
    case LineProblem::unknown_stream:
      return "the stream is none of @trade, @bookTicker, @depth";
    case LineProblem::missing_field:
      return "the message lacks a field that its stream has";
  }
  return "unknown";
}

LineProblem parse_binance_line(std::string_view text, BinanceLine& out) noexcept {
  out = {};
  MarketEvent& event = out.event;
  const char* const end = text.data() + text.size();
  const auto [after_time, error] = std::from_chars(text.data(), end, event.local_time);
  if (error != std::errc{} || event.local_time <= 0 || event.local_time > max_time || after_time == end ||
      *after_time != ' ') {
    return LineProblem::no_local_time;
  }

  JsonCursor json{std::string_view{after_time + 1, static_cast<std::size_t>(end - after_time - 1)}};
  Fields fields;
  std::string_view stream;
  bool snapshot = false;
  const bool whole = json.object([&](std::string_view key) {
    if (key == "stream") return json.string(stream);
    if (key == "data") return data_fields(json, event, fields);
    if (key == "lastUpdateId") {
      snapshot = true;
      return id(json, event.last_id);
    }
    return json.skip_value();
  }) && json.at_end();
  if (!whole) return LineProblem::broken_json;

  if (has(fields, Fields::event_time)) event.exchange_time = fields.event_milliseconds * nanoseconds_per_millisecond;
  if (snapshot) {
    event.kind = EventKind::snapshot;
    return LineProblem::none;
  }
  out.symbol = fields.symbol;
  return complete(stream, fields, event);
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
