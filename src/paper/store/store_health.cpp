// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/store/store_health.hpp"

#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {
namespace {

void append(std::string& text, const std::string& part) {
  if (part.empty()) return;
  if (!text.empty()) text += "; ";
  text += part;
}

template <typename Store>
void judge_ping(Store& store, HealthResult& health) {
  const Result<void> answer = store.ping();
  if (answer) return append(health.detail, store.describe() + " answers");
  health.status = HealthStatus::degraded;
  append(health.detail, answer.error().message);
}

template <typename Status>
void judge_writer(const Status& status, const char* things, HealthResult& health) {
  if (status.failures_in_a_row > 0) {
    health.status = HealthStatus::degraded;
    append(health.detail,
           "writing failed " + std::to_string(status.failures_in_a_row) + " times in a row: " + status.last_error);
  }
  if (status.waiting > 0) append(health.detail, std::to_string(status.waiting) + " " + things + " wait");
  if (status.lost > 0) append(health.detail, std::to_string(status.lost) + " " + things + " were lost");
}

}  // namespace

HealthResult health_of(StateStore& store, const StateWriter* writer) {
  HealthResult health;
  judge_ping(store, health);
  if (writer != nullptr) judge_writer(writer->status(), "keys", health);
  return health;
}

HealthResult health_of(Journal& journal, const JournalWriter* writer) {
  HealthResult health;
  judge_ping(journal, health);
  if (writer == nullptr) return health;
  const JournalWriterStatus status = writer->status();
  judge_writer(status, "records", health);
  if (status.waiting > status.capacity / 2) {
    health.status = HealthStatus::degraded;
    append(health.detail, "the queue holds " + std::to_string(status.capacity));
  }
  if (status.refused > 0) append(health.detail, std::to_string(status.refused) + " records were refused");
  return health;
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
