// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/alert_book.hpp"

#include <algorithm>

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

std::pair<KeptAlert*, AlertBook::News> AlertBook::post(const rules::Alert& alert, std::int64_t now_ms) {
  const bool over = alert.resolved_at(now_ms);
  KeptAlert* const known = find(alert.labels);
  if (known == nullptr) {
    // Senders repeat ends for a while: of what nobody heard firing there is nothing to tell.
    if (over) return {nullptr, News::obsolete};
    KeptAlert added;
    added.alert = alert;
    if (added.alert.starts_ms == 0) added.alert.starts_ms = now_ms;
    added.renewed = true;
    return {&restore(std::move(added)), News::began};
  }
  rules::Alert& kept = known->alert;
  const bool was_over = kept.resolved_at(now_ms);
  if (over && (was_over || (alert.ends_ms < kept.starts_ms))) return {known, News::obsolete};

  const std::int64_t starts = alert.starts_ms == 0 ? now_ms : alert.starts_ms;
  // One that ended and fires again: anew, unless its sender merely was late to renew it.
  const bool again = was_over && !over;
  const std::int64_t merged = again ? starts : std::min(starts, kept.starts_ms);
  // A mere renewal need not be written down: most of what is posted is that.
  if (kept.starts_ms != merged || kept.annotations != alert.annotations || kept.generator_url != alert.generator_url ||
      over) {
    dirty.insert(known->id);
  }
  kept.starts_ms = merged;
  kept.annotations = alert.annotations;
  kept.generator_url = alert.generator_url;
  kept.updated_ms = alert.updated_ms == 0 ? now_ms : alert.updated_ms;
  set_end(*known, alert.ends_ms);
  known->renewed = true;
  if (over || again) known->acknowledgement.reset();
  if (again) return {known, News::began};
  return {known, over ? News::ended : News::none};
}

KeptAlert& AlertBook::restore(KeptAlert alert) {
  if (alert.id == 0) alert.id = next_id_;
  next_id_ = std::max(next_id_, alert.id + 1);
  if (alert.fingerprint.empty()) alert.fingerprint = rules::fingerprint_text(alert.alert.labels);
  auto kept = std::make_unique<KeptAlert>(std::move(alert));
  KeptAlert& out = *kept;
  by_fingerprint_[out.fingerprint] = out.id;
  if (out.alert.ends_ms != 0) ends_.insert({out.alert.ends_ms, out.id});
  dirty.insert(out.id);
  by_id_[out.id] = std::move(kept);
  return out;
}

void AlertBook::remove(std::int64_t id) {
  KeptAlert* const alert = find(id);
  if (alert == nullptr) return;
  ends_.erase({alert->alert.ends_ms, id});
  if (const auto found = by_fingerprint_.find(alert->fingerprint);
      found != by_fingerprint_.end() && found->second == id) {
    by_fingerprint_.erase(found);
  }
  by_id_.erase(id);
  dirty.insert(id);
}

void AlertBook::set_end(KeptAlert& alert, std::int64_t ends_ms) {
  if (alert.alert.ends_ms == ends_ms) return;
  ends_.erase({alert.alert.ends_ms, alert.id});
  alert.alert.ends_ms = ends_ms;
  if (ends_ms != 0) ends_.insert({ends_ms, alert.id});
  dirty.insert(alert.id);
}

KeptAlert* AlertBook::find(std::int64_t id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.get();
}

const KeptAlert* AlertBook::find(std::int64_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.get();
}

KeptAlert* AlertBook::find(const rules::AlertLabels& labels) {
  return find_fingerprint(rules::fingerprint_text(labels));
}

KeptAlert* AlertBook::find_fingerprint(std::string_view fingerprint) {
  const auto found = by_fingerprint_.find(std::string(fingerprint));
  return found == by_fingerprint_.end() ? nullptr : find(found->second);
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
