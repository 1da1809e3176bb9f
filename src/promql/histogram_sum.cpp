// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <memory>

#include "promql/range_window.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace promql {

bool HistogramSum::add(const Histogram& histogram, bool as_mean) {
  if (count_ > 0 && histogram.is_custom() != total_.is_custom()) return false;
  seen_reset_ = seen_reset_ || histogram.hint == ResetHint::reset;
  seen_no_reset_ = seen_no_reset_ || histogram.hint == ResetHint::not_reset;
  count_ += 1;
  if (count_ == 1) {
    total_ = histogram;
    lost_ = nothing_lost(histogram);
    return true;
  }
  if (!is_incremental_) {
    const auto overflows = [](double sum, double added) {
      return std::isinf(sum + added) && std::isfinite(sum) && std::isfinite(added);
    };
    if (!as_mean || (!overflows(total_.sum, histogram.sum) && !overflows(total_.count, histogram.count))) {
      bounds_reconciled_ = add_compensated(total_, lost_, histogram).bounds_reconciled || bounds_reconciled_;
      return true;
    }
    is_incremental_ = true;
    divide(total_, count_ - 1);
    divide(lost_, count_ - 1);
  }
  scale(total_, (count_ - 1) / count_);
  scale(lost_, (count_ - 1) / count_);
  Histogram share = histogram;
  divide(share, count_);
  bounds_reconciled_ = add_compensated(total_, lost_, share).bounds_reconciled || bounds_reconciled_;
  return true;
}

HistogramPtr HistogramSum::sum() const {
  Histogram sum = total_;
  (void)promql::add(sum, lost_);
  return std::make_shared<const Histogram>(std::move(sum));
}

HistogramPtr HistogramSum::mean() const {
  Histogram mean = total_;
  Histogram lost = lost_;
  if (!is_incremental_) {
    divide(mean, count_);
    divide(lost, count_);
  }
  (void)promql::add(mean, lost);
  return std::make_shared<const Histogram>(std::move(mean));
}

}  // namespace promql
BELLWETHER_NAMESPACE_END
