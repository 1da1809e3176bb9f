// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/clock.hpp>
#include <bellwether/result.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/alert.hpp"
#include "storage/matcher.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// Alertmanager's three states of an alert.
enum class AlertState : std::uint8_t {
  unprocessed,
  active,
  suppressed,  ///< by a silence, by another alert, or by the time of day
};

/// An alert as the API lists it.
struct ListedAlert {
  rules::Alert alert;
  AlertState state = AlertState::active;
  std::vector<std::string> receivers;
  std::vector<std::string> silenced_by;   ///< ids of silences
  std::vector<std::string> inhibited_by;  ///< fingerprints of alerts
  std::vector<std::string> muted_by;      ///< names of time intervals
  std::string acknowledged_by;            ///< empty: nobody
};

struct ListedGroup {
  std::string receiver;
  std::string key;
  rules::AlertLabels labels;
  std::vector<ListedAlert> alerts;
};

struct ListedSilence {
  std::string id;  ///< empty in one that is to be made
  std::vector<storage::Matcher> matchers;
  std::int64_t starts_ms = 0;
  std::int64_t ends_ms = 0;
  std::int64_t updated_ms = 0;
  std::string created_by;
  std::string comment;
};

/// Somebody takes care: those alerts that all matchers match.
struct AcknowledgeRequest {
  std::vector<storage::Matcher> matchers;
  std::string by;
  std::string comment;
  std::optional<std::chrono::milliseconds> duration;  ///< nothing: as long as the notifier holds it by default
};

/// What a signed link stands for.
struct LinkedAction {
  enum class Kind : std::uint8_t { silence, acknowledge };
  Kind kind = Kind::silence;
  std::vector<storage::Matcher> matchers;
  std::chrono::milliseconds duration{0};  ///< of a silence; 0: the page asks
};

/// What API v2 answers from. Everything outlives the server, and is called by several of its workers at a time. A hook that is
/// missing makes its part of the API empty, or its requests answered 404.
struct V2Sources {
  std::function<Result<void>(std::vector<rules::Alert>)> post;  ///< taken when it returns: written down
  std::function<std::vector<ListedAlert>()> alerts;             ///< all that the notifier holds, ended ones too
  std::function<std::vector<ListedGroup>()> groups;
  std::function<std::vector<std::string>()> receivers;
  std::function<std::string()> config_yaml;  ///< without secrets

  std::function<std::vector<ListedSilence>()> silences;
  /// The id. An error is the request's: 400; one that begins "silence not found": 404.
  std::function<Result<std::string>(const ListedSilence&)> set_silence;
  std::function<Result<void>(const std::string& id)> expire_silence;

  /// How many alerts were meant.
  std::function<Result<std::size_t>(const AcknowledgeRequest&)> acknowledge;
  /// Verifies the path and query of a signed link. An error says what is wrong with it, for its reader.
  std::function<Result<LinkedAction>(std::string_view path, std::string_view query)> open_link;

  std::chrono::milliseconds resolve_timeout{300'000};  ///< for alerts that are posted without an end
  std::string external_url;                            ///< of the monitor: pages of that origin may post
  std::int64_t start_ms = 0;                           ///< 0: when the routes are made
  const Clock* clock = &Clock::system();
};

}  // namespace api
BELLWETHER_NAMESPACE_END
