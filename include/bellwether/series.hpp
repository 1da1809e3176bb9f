// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/detail/family.hpp>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN

/// Owns one series of a family: it is exported as long as an owner lives.
///
///     struct Session {                                              // one for each connected client
///       Series<Counter> messages = messages_by_client.own(client_id);
///       void on_message() { messages->inc(); }
///     };
///
/// Several owners may share a series; it ends with the last. An owned series never expires. After its end the slot rests
/// for a while before another series gets it, so a copied handle that outlives the owner does no harm, but
/// its counts are lost or, later, another's.
///
/// Threads: a value, to be used as such. The registry must outlive it.
template <typename Metric>
class Series {
 public:
  Series() noexcept = default;
  Series(detail::FamilyState& family, detail::SeriesRef series) noexcept
      : family_(&family), slot_(series.slot), metric_(series) {}
  Series(Series&& other) noexcept
      : family_(std::exchange(other.family_, nullptr)), slot_(other.slot_), metric_(std::exchange(other.metric_, {})) {}
  Series& operator=(Series&& other) noexcept {
    if (this != &other) {
      reset();
      family_ = std::exchange(other.family_, nullptr);
      slot_ = other.slot_;
      metric_ = std::exchange(other.metric_, {});
    }
    return *this;
  }
  ~Series() { reset(); }

  const Metric& operator*() const noexcept { return metric_; }
  const Metric* operator->() const noexcept { return &metric_; }

  /// Gives the series up now.
  void reset() noexcept {
    if (family_ != nullptr) detail::disown(*family_, slot_);
    family_ = nullptr;
    metric_ = {};
  }

 private:
  detail::FamilyState* family_ = nullptr;
  detail::Slot slot_ = detail::null_slot;
  Metric metric_;
};

BELLWETHER_NAMESPACE_END
