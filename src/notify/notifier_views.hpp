// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "notify/policy.hpp"
#include "rules/alert.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

/// Somebody looks after an alert.
struct Acknowledgement {
  std::string fingerprint;  ///< of the alert: 16 hexadecimal digits
  std::string by;
  std::string comment = {};
  std::int64_t at_ms = 0;     ///< 0: now
  std::int64_t until_ms = 0;  ///< 0: after the configuration's acknowledgement_lifetime
};

/// An alert as API v2 shows it.
struct AlertView {
  rules::Alert alert;
  std::string fingerprint;
  std::vector<std::string> receivers;
  Suppression suppression;  ///< not empty: state "suppressed"
  bool processed = true;    ///< false: its group_wait is not over ("unprocessed")
  bool told = false;        ///< somebody was told that it fires
  std::optional<Acknowledgement> acknowledgement = {};
};

struct GroupView {
  std::string key;
  std::string receiver;
  rules::AlertLabels labels;
  std::vector<AlertView> alerts;
};

/// A message that could not be delivered and is given up.
struct DeadLetter {
  std::uint64_t id = 0;
  std::string receiver;
  std::string integration;
  std::string group_key;
  std::int64_t created_ms = 0;
  std::int64_t died_ms = 0;
  std::uint32_t attempts = 0;
  std::string error;
  std::string payload;
};

/// How it stands with sending.
struct NotifierStatus {
  std::size_t firing = 0;
  std::size_t groups = 0;
  std::size_t pending = 0;    ///< messages that wait, those under way included
  std::size_t in_flight = 0;  ///< of these
  std::size_t held = 0;       ///< notifications that wait for a digest
  std::int64_t oldest_age_ms = 0;
  std::uint64_t delivered = 0;  ///< since the start
  std::uint64_t dead = 0;       ///< since the start
  bool written_down = true;     ///< false: the disk refuses
};

}  // namespace notify
BELLWETHER_NAMESPACE_END
