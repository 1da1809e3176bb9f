// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/channel.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "notify/receivers/message_text.hpp"
#include "scrape/client_request.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

Result<net::HttpRequest> Channel::post_request(const config::HttpClientConfig& http, const std::string& url,
                                               std::string body, std::chrono::milliseconds timeout) const {
  Result<net::HttpRequest> request = scrape::make_request(http, url);
  if (!request) return request;
  request->method = "POST";
  request->body = std::move(body);
  request->headers.emplace_back("Content-Type", "application/json");
  request->max_redirects = 0;
  request->timeout = timeout.count() > 0 ? timeout : std::chrono::seconds{10};
  request->connect_timeout = std::min(request->connect_timeout, request->timeout);
  request->max_response_bytes = 1024UL * 1024;
  return request;
}

Result<std::string> secret_of(std::string_view key, const config::Secret& secret, const std::string& file) {
  if (file.empty()) return secret.reveal();
  constexpr std::size_t max_bytes = 64UL * 1024;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(std::fopen(file.c_str(), "rbe"), &std::fclose);
  std::string text(max_bytes, '\0');
  if (opened) text.resize(std::fread(text.data(), 1, text.size(), opened.get()));
  if (!opened || std::ferror(opened.get()) != 0) {
    return Error{"cannot read " + std::string(key) + " " + file + ": " + std::strerror(errno) +
                 "; check the path and its permissions"};
  }
  constexpr const char* space = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(space);
  if (begin == std::string::npos) return Error{std::string(key) + " " + file + " is empty"};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

std::string RenderedFields::keep(Result<std::string> rendered) {
  if (rendered) return clean_text(*rendered);
  if (problem_.empty()) problem_ = rendered.error().message;
  return {};
}

std::string RenderedFields::text(std::string_view key, std::string_view field) {
  return keep(templates_.text(where_ + "." + std::string(key), field, notification_, links_));
}

std::string RenderedFields::html(std::string_view key, std::string_view field) {
  return keep(templates_.html(where_ + "." + std::string(key), field, notification_, links_));
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
