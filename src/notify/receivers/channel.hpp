// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/alertmanager/receiver_config.hpp"
#include "notify/receivers/make_integrations.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// What the channels have in common: name, parts, and how a request is made and sent. An attempt under way keeps it alive.
class Channel : public Integration, public std::enable_shared_from_this<Channel> {
 public:
  Channel(std::string receiver, std::string name, bool send_resolved, ReceiverParts parts)
      : receiver_(std::move(receiver)),
        name_(std::move(name)),
        send_resolved_(send_resolved),
        parts_(std::move(parts)) {}

  const std::string& name() const noexcept override { return name_; }
  bool send_resolved() const noexcept override { return send_resolved_; }

 protected:
  const ReceiverParts& parts() const noexcept { return parts_; }
  /// "receiver desk: slack[0]", for errors.
  std::string where() const { return "receiver " + receiver_ + ": " + name_; }
  MessageLinks links_of(const Notification& notification) const {
    return parts_.links ? parts_.links(notification) : MessageLinks{};
  }
  /// A POST with a body in JSON; `timeout` 0: ten seconds.
  Result<net::HttpRequest> post_request(const config::HttpClientConfig& http, const std::string& url, std::string body,
                                        std::chrono::milliseconds timeout) const;
  /// Nothing is sent: the credentials are not to be had.
  DeliveryResult unauthorized(const Error& error) const {
    return {.outcome = DeliveryOutcome::unauthorized, .error = name_ + ": " + error.message};
  }

 private:
  std::string receiver_;
  std::string name_;
  bool send_resolved_;
  ReceiverParts parts_;
};

/// The secret, or the first line of its file. Errors name the file, never its content.
Result<std::string> secret_of(std::string_view key, const config::Secret& secret, const std::string& file);

/// The fields of a configuration, rendered for one notification. One that fails is empty, and `problem` says why.
class RenderedFields {
 public:
  RenderedFields(const MessageTemplates& templates, std::string where, const Notification& notification,
                 MessageLinks links)
      : templates_(templates), where_(std::move(where)), notification_(notification), links_(std::move(links)) {}

  std::string text(std::string_view key, std::string_view field);
  std::string text(std::string_view key, const std::optional<std::string>& field, std::string_view otherwise) {
    return text(key, field ? std::string_view(*field) : otherwise);
  }
  std::string html(std::string_view key, std::string_view field);
  /// Of the first field that failed; empty where all is well.
  const std::string& problem() const noexcept { return problem_; }

 private:
  std::string keep(Result<std::string> rendered);

  const MessageTemplates& templates_;
  std::string where_;
  const Notification& notification_;
  MessageLinks links_;
  std::string problem_;
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
