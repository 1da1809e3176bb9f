// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/target_request.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "scrape/client_request.hpp"
#include "scrape/protocols.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

/// The host of "host:port", without brackets.
std::string_view host_of(std::string_view address) {
  if (address.starts_with('[')) return address.substr(1, address.find(']') - 1);
  return address.substr(0, address.rfind(':'));
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host.starts_with("127.") || host == "::1";
}

std::string seconds_text(std::chrono::milliseconds time) {
  std::array<char, 32> text{};
  const double seconds = static_cast<double>(time.count()) / 1000;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), seconds).ptr};
}

}  // namespace

Result<net::HttpRequest> make_target_request(const Target& target, std::uint64_t body_size_limit) {
  const config::ScrapeConfig& job = *target.job;
  Result<net::HttpRequest> request = make_request(job.http, target.url);
  if (!request) return request;
  request->timeout = target.timeout;
  request->connect_timeout = std::min(request->connect_timeout, target.timeout);
  request->max_response_bytes = job.limits.body_size > 0 ? job.limits.body_size : body_size_limit;
  request->headers.emplace_back("Accept", accept_header(job));
  if (job.enable_compression && !is_this_machine(host_of(target.address))) {
    request->headers.emplace_back("Accept-Encoding", "gzip");
  }
  request->headers.emplace_back("X-Prometheus-Scrape-Timeout-Seconds", seconds_text(target.timeout));
  return request;
}

bool reads_files(const config::HttpClientConfig& client) {
  if (client.basic_auth && !(client.basic_auth->username_file.empty() && client.basic_auth->password_file.empty())) {
    return true;
  }
  if (client.authorization && !client.authorization->credentials_file.empty()) return true;
  return std::any_of(client.http_headers.begin(), client.http_headers.end(),
                     [](const config::HttpHeader& header) { return !header.files.empty(); });
}

std::string global_url(const Target& target) {
  const std::string_view host = host_of(target.address);
  std::array<char, 256> name{};
  if (!is_this_machine(host) || gethostname(name.data(), name.size() - 1) != 0) return target.url;
  const std::size_t colon = target.address.rfind(':');
  const bool has_port = colon != std::string::npos && colon > target.address.rfind(']') + 1;
  return target.scheme + "://" + name.data() + (has_port ? target.address.substr(colon) : "") + target.path_query;
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
