// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "automation/provider_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

namespace {

ProviderErrorType type_of(net::HttpErrorKind kind) noexcept {
  switch (kind) {
    case net::HttpErrorKind::timeout:
      return ProviderErrorType::timeout;
    case net::HttpErrorKind::bad_response:
    case net::HttpErrorKind::too_large:
    case net::HttpErrorKind::too_many_redirects:
      return ProviderErrorType::bad_response;
    case net::HttpErrorKind::bad_request:
      return ProviderErrorType::bad_request;
    case net::HttpErrorKind::cancelled:
      return ProviderErrorType::cancelled;
    default:
      return ProviderErrorType::connection;
  }
}

ProviderErrorType type_of_status(int status) noexcept {
  if (status == 429) return ProviderErrorType::rate_limit;
  if (status == 408) return ProviderErrorType::timeout;
  if (status >= 500) return ProviderErrorType::http_5xx;
  if (status >= 400) return ProviderErrorType::http_4xx;
  return ProviderErrorType::bad_response;  // 1xx or a redirect: not what was asked for
}

/// The key's fault, not the request's.
bool refuses_key(const net::HttpResult& result) noexcept {
  return result && (result->status == 401 || result->status == 403);
}

}  // namespace

std::string_view name_of(ProviderErrorType type) noexcept {
  constexpr std::array<std::string_view, 9> names = {"timeout",      "connection",  "http_4xx",
                                                     "http_5xx",     "rate_limit",  "bad_response",
                                                     "circuit_open", "bad_request", "cancelled"};
  return names[static_cast<std::size_t>(type)];
}

ProviderClient::ProviderClient(ProviderClientOptions options, net::HttpTransport& transport)
    : options_(std::move(options)),
      transport_(transport),
      keys_(options_.provider, options_.keys, breaker_model(options_), *options_.clock),
      retry_(retry_model(options_)) {}

CircuitBreakerOptions ProviderClient::breaker_model(const ProviderClientOptions& options) {
  CircuitBreakerOptions breaker = options.breaker;
  breaker.registry = options.registry;
  breaker.random = options.random;
  return breaker;
}

RetryOptions ProviderClient::retry_model(const ProviderClientOptions& options) {
  RetryOptions retry = options.retry;
  retry.operation = options.provider;
  retry.registry = options.registry;
  retry.clock = options.clock;
  retry.random = options.random;
  retry.sleeper = options.sleeper;
  return retry;
}

ProviderResult ProviderClient::call(const ProviderRequest& request, const std::stop_token& stop) {
  ProviderError last;
  Result<ProviderAnswer> result = retry_.run([&](RetryAttempt& retry) { return attempt(request, stop, retry, last); });
  if (result) return std::move(*result);
  last.message = result.error().message;
  return last;
}

Result<ProviderAnswer> ProviderClient::attempt(const ProviderRequest& request, const std::stop_token& stop,
                                               RetryAttempt& retry, ProviderError& last) {
  const auto fail = [&](ProviderError error) {
    last = std::move(error);
    return Error{last.message};
  };
  KeyRing::Turn turn = keys_.take();
  if (!turn) {
    retry.give_up();
    ProviderError error = keys_.why_none();
    if (options_.observer != nullptr) options_.observer->refused(error.type);
    return fail(std::move(error));
  }

  const ProviderKey& key = keys_.key(turn.key);
  const auto begin = options_.clock->monotonic();
  const net::HttpResult result = transport_.send(http_request(request, key, stop));
  const auto took = options_.clock->monotonic() - begin;
  const bool success = result && result->is_success();
  Result<void> checked = success && options_.check ? options_.check(*result) : Result<void>{};
  if (success && checked) {
    turn.permit.success(took);
    if (options_.observer != nullptr) options_.observer->succeeded(took);
    return ProviderAnswer{
        .status = result->status, .body = result->body, .key_id = key.id, .took = took, .attempts = retry.number()};
  }

  ProviderError error = checked ? judge(result)
                                : ProviderError{.type = ProviderErrorType::bad_response,
                                                .message = options_.provider + ": " + checked.error().message};
  switch (error.type) {
    case ProviderErrorType::cancelled:
      turn.permit.ignore();
      retry.give_up();
      return fail(std::move(error));
    case ProviderErrorType::bad_request:
      turn.permit.ignore();
      retry.give_up();
      break;
    case ProviderErrorType::http_4xx:
      if (refuses_key(result)) {
        turn.permit.failure(took);
        if (keys_.size() == 1) retry.give_up();
      } else {
        turn.permit.success(took);
        retry.give_up();
      }
      break;
    default:
      turn.permit.failure(took);
      if (error.retry_after.count() > 0) keys_.pause(turn.key, error.retry_after);
      break;
  }
  if (options_.observer != nullptr) options_.observer->failed(error.type, took);
  // Another key may be free at once; if none is, this call waits as long as it was told.
  if (error.retry_after.count() > 0 && !keys_.any_usable()) retry.retry_after(error.retry_after);
  return fail(std::move(error));
}

net::HttpRequest ProviderClient::http_request(const ProviderRequest& request, const ProviderKey& key,
                                              const std::stop_token& stop) const {
  net::HttpRequest http{.method = request.method, .url = options_.base_url + request.path};
  http.headers = request.headers;
  if (!request.body.empty()) http.headers.emplace_back("Content-Type", request.content_type);
  http.body = request.body;
  if (!key.secret.empty()) http.auth = net::BearerToken{key.secret};
  http.connect_timeout = options_.connect_timeout;
  http.timeout = options_.timeout;
  http.max_response_bytes = options_.max_response_bytes;
  http.tls = options_.tls;
  http.stop = stop;
  return http;
}

ProviderError ProviderClient::judge(const net::HttpResult& result) const {
  if (!result) {
    return {.type = type_of(result.kind()), .message = options_.provider + ": " + result.error().message};
  }
  ProviderError error{.type = type_of_status(result->status),
                      .message = fmt::format("{}: answered with status {}", options_.provider, result->status)};
  const bool may_ask = error.type == ProviderErrorType::rate_limit || result->status == 503;
  if (const auto asked = may_ask ? result->retry_after(options_.clock->wall()) : std::nullopt) {
    error.retry_after = *asked;
    error.message += fmt::format(" and asks to wait {} s", asked->count());
  }
  return error;
}

}  // namespace automation
BELLWETHER_NAMESPACE_END
