// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/notifier.hpp"

#include <utility>

#include "notify/notifier_core.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

Notifier::Notifier(std::unique_ptr<Core> core) : core_(std::move(core)) {}
Notifier::~Notifier() {
  stop();
}

Result<std::unique_ptr<Notifier>> Notifier::start(NotifierOptions options, NotifierSetup setup) {
  auto core = std::make_unique<Core>(std::move(options));
  if (auto begun = core->begin(std::move(setup)); !begun) return begun.error();
  core->begin_thread();
  return std::unique_ptr<Notifier>(new Notifier(std::move(core)));
}

Result<void> Notifier::post(std::span<const rules::Alert> alerts) {
  return core_->post(alerts);
}

rules::AlertSink Notifier::sink() {
  // An error is in the metrics and the log, and nothing is lost by it: the sender has nothing to do.
  return [core = core_.get()](const std::vector<rules::Alert>& alerts) { static_cast<void>(core->post(alerts)); };
}

Result<void> Notifier::resolve_unrenewed(const std::function<bool(const rules::Alert&)>& mine) {
  return core_->resolve_unrenewed(mine);
}
Result<void> Notifier::apply(NotifierSetup setup) {
  return core_->apply(std::move(setup));
}
Silences& Notifier::silences() {
  return core_->silences();
}
std::vector<AlertView> Notifier::alerts() const {
  return core_->alerts();
}
std::vector<GroupView> Notifier::groups() const {
  return core_->groups();
}
std::vector<DeadLetter> Notifier::dead_letters() const {
  return core_->dead_letters();
}
NotifierStatus Notifier::status() const {
  return core_->status();
}
Result<void> Notifier::acknowledge(const Acknowledgement& acknowledgement) {
  return core_->acknowledge(acknowledgement);
}
Result<void> Notifier::unacknowledge(std::string_view fingerprint) {
  return core_->unacknowledge(fingerprint);
}
Result<void> Notifier::heartbeat(std::string_view name) {
  return core_->heartbeat(name);
}
std::optional<std::int64_t> Notifier::run_due() {
  return core_->run_due();
}
void Notifier::stop(std::chrono::milliseconds patience) {
  core_->stop(patience);
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
