// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/delivery_rules.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "notify/receivers/message_text.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

constexpr std::size_t max_error = 200;
constexpr double max_wait_seconds = 86'400;

std::optional<double> number_at(const boost::json::object& object, std::string_view key) {
  const boost::json::value* const value = object.if_contains(key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

DeliveryOutcome outcome_of(net::HttpErrorKind kind) noexcept {
  switch (kind) {
    case net::HttpErrorKind::bad_request:
    case net::HttpErrorKind::too_many_redirects:
      return DeliveryOutcome::permanent;
    default:
      return DeliveryOutcome::transient;
  }
}

DeliveryOutcome outcome_of(int status, bool asked_to_wait) noexcept {
  if (status >= 200 && status <= 299) return DeliveryOutcome::delivered;
  if (status == 429 || (status == 503 && asked_to_wait)) return DeliveryOutcome::rate_limited;
  if (status == 401 || status == 403) return DeliveryOutcome::unauthorized;
  if (status == 408 || status == 425 || status >= 500) return DeliveryOutcome::transient;
  return DeliveryOutcome::permanent;
}

}  // namespace

DeliveryResult classify_answer(std::string_view channel, const net::HttpResult& result, const Clock& clock,
                               std::optional<std::chrono::milliseconds> body_retry_after, std::string_view secret) {
  DeliveryResult delivery;
  if (!result) {
    delivery.outcome = outcome_of(result.kind());
    delivery.error = std::string(channel) + ": " + error_text(result.error().message, secret);
    return delivery;
  }
  // The longer of the two: whoever asks twice means it.
  std::optional<std::chrono::milliseconds> wait = body_retry_after;
  if (const auto asked = result->retry_after(clock.wall())) {
    wait = std::max(wait.value_or(std::chrono::milliseconds{0}), std::chrono::milliseconds{*asked});
  }
  delivery.outcome = outcome_of(result->status, wait.has_value());
  if (delivery.outcome == DeliveryOutcome::delivered) return delivery;
  if (delivery.outcome == DeliveryOutcome::rate_limited || delivery.outcome == DeliveryOutcome::transient) {
    delivery.retry_after = wait;
  }
  delivery.error = std::string(channel) + ": status " + std::to_string(result->status);
  if (const std::string words = error_text(result->body, secret); !words.empty()) delivery.error += ": " + words;
  return delivery;
}

std::string error_text(std::string_view text, std::string_view secret) {
  std::string line = one_line(clean_text(text.substr(0, 16UL * 1024)));
  if (secret.size() >= 4) {
    for (std::size_t at = line.find(secret); at != std::string::npos; at = line.find(secret, at)) {
      line.replace(at, secret.size(), "<secret>");
    }
  }
  return shorten(line, max_error);
}

std::optional<std::chrono::milliseconds> retry_after_of_body(std::string_view body) {
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse({body.data(), body.size()}, failed);
  if (failed || !parsed.is_object()) return std::nullopt;
  const boost::json::object& top = parsed.get_object();
  std::optional<double> seconds = number_at(top, "retry_after");
  if (const boost::json::value* inner = top.if_contains("parameters");
      !seconds && inner != nullptr && inner->is_object()) {
    seconds = number_at(inner->get_object(), "retry_after");
  }
  if (!seconds || !(*seconds >= 0)) return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(std::ceil(std::min(*seconds, max_wait_seconds) * 1000))};
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
