// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/circuit_breaker.hpp>
#include <bellwether/clock.hpp>
#include <bellwether/random.hpp>
#include <bellwether/registry.hpp>
#include <bellwether/result.hpp>
#include <bellwether/retry.hpp>
#include <bellwether/sleeper.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "automation/key_ring.hpp"
#include "automation/provider_observer.hpp"
#include "automation/provider_result.hpp"
#include "net/http_transport.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Good if the body is JSON, whatever it says.
Result<void> check_json(const net::HttpResponse& response);

struct ProviderClientOptions {
  std::string provider;  ///< labels `api` and `provider`: "deepseek"
  std::string base_url;  ///< "https://api.deepseek.com", without a slash at the end
  std::vector<ProviderKey> keys = {{.id = "key-1"}};

  /// The model for the breaker of each key; name, provider, key_id, clock, random and registry are set from here.
  CircuitBreakerOptions breaker = {
      .name = {}, .minimum_calls = 10, .consecutive_failures = 5, .open_time = std::chrono::seconds{60}};
  /// Attempts, pauses and the time for all of them; operation, clock, random, sleeper and registry are set from here.
  RetryOptions retry = {.operation = {}, .deadline = std::chrono::seconds{60}};

  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{20'000};  ///< of one attempt
  std::size_t max_response_bytes = std::size_t{4} * 1024 * 1024;
  net::HttpTls tls = {};
  /// Says whether a 2xx answer is one; an error counts as bad_response.
  std::function<Result<void>(const net::HttpResponse&)> check = check_json;

  ProviderObserver* observer = nullptr;
  Registry* registry = nullptr;  ///< exports circuit_breaker_* of each key and peak_retry_attempts_total
  const Clock* clock = &Clock::system();
  Random* random = &Random::system();
  Sleeper* sleeper = &Sleeper::system();
};

struct ProviderRequest {
  std::string path;  ///< "/chat/completions"
  std::string body = {};
  std::string method = "POST";
  std::string content_type = "application/json";
  std::vector<net::Field> headers = {};
};

/// Calls a provider that fails now and then, and says how that went.
///
///     ProviderClient deepseek{{.provider = "deepseek", .base_url = url, .keys = keys, .registry = &registry}, transport};
///     const ProviderResult result = deepseek.call({.path = "/chat/completions", .body = json});
///     if (!result) log(result.error().message);  // deepseek: no key can be used now (key-1 open); try again in 58.2 s
///
/// The keys take turns. A key's breaker hears of its failures: time-outs, broken connections, 5xx, 429, 401 and 403, answers that
/// are none; other 4xx say that the request is wrong and the provider well. A failed attempt is made again, with the next
/// key, after the pause of `retry`; a key that got 429 rests as long as Retry-After says, and
/// only if no other can be used, the call waits for it. An open breaker is not waited for. So a
/// request may arrive more than once: do not order anything with it.
///
/// Threads: any; `call` blocks up to the time-outs and pauses of all its attempts. The constructor throws
/// `Exception` for options that cannot be. Transport and observer must outlive it.
class ProviderClient {
 public:
  ProviderClient(ProviderClientOptions options, net::HttpTransport& transport);

  ProviderResult call(const ProviderRequest& request, const std::stop_token& stop = {});

  /// A key's breaker, by its place in the options.
  CircuitBreaker& breaker(std::size_t key) noexcept { return keys_.breaker(key); }

 private:
  static CircuitBreakerOptions breaker_model(const ProviderClientOptions& options);
  static RetryOptions retry_model(const ProviderClientOptions& options);

  Result<ProviderAnswer> attempt(const ProviderRequest& request, const std::stop_token& stop, RetryAttempt& retry,
                                 ProviderError& last);
  net::HttpRequest http_request(const ProviderRequest& request, const ProviderKey& key,
                                const std::stop_token& stop) const;
  ProviderError judge(const net::HttpResult& result) const;

  ProviderClientOptions options_;
  net::HttpTransport& transport_;
  KeyRing keys_;
  Retry retry_;
};

}  // namespace automation
BELLWETHER_NAMESPACE_END
