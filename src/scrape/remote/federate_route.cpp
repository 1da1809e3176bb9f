// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/federate_route.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "promql/parser.hpp"
#include "scrape/remote/federate_writer.hpp"
#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{64} << 10U;
constexpr std::size_t series_at_once = 2'000;  // of which none may have a sample

/// A series of one of the selections.
struct Place {
  std::size_t selection;
  std::size_t series;
  std::string_view name;
};

class FederateBody final : public net::BodySource {
 public:
  FederateBody(std::vector<storage::Selection> selections, std::vector<Place> places, Labels external,
               ScrapeFormat format)
      : selections_(std::move(selections)),
        places_(std::move(places)),
        external_(std::move(external)),
        writer_(format) {
    const bool has_instance =
        std::any_of(external_.begin(), external_.end(), [](const auto& each) { return each.first == "instance"; });
    if (!has_instance) external_.emplace_back("instance", "");
  }

  bool next(std::string& chunk) override {
    for (std::size_t read = 0; next_ < places_.size() && chunk.size() < chunk_bytes && read < series_at_once; ++read) {
      write(places_[next_++], chunk);
    }
    if (next_ < places_.size()) return true;
    writer_.finish(chunk);
    return false;
  }

 private:
  void write(const Place& place, std::string& out) {
    storage::Selection& selection = selections_[place.selection];
    floats_.clear();
    histograms_.clear();
    selection.read(place.series, floats_);
    selection.read(place.series, histograms_);
    const std::int64_t float_time = floats_.times.empty() ? INT64_MIN : floats_.times.back();
    const std::int64_t histogram_time = histograms_.empty() ? INT64_MIN : histograms_.back().time;
    if (float_time == INT64_MIN && histogram_time == INT64_MIN) return;
    const bool is_histogram = histogram_time > float_time;
    if (storage::is_stale(is_histogram ? histograms_.back().value.sum : floats_.values.back())) return;
    const auto own = selection.labels(place.series);
    labels_.assign(own.begin(), own.end());
    for (const auto& [name, value] : external_) {
      if (storage::value_of(own, name).empty()) labels_.push_back({name, value});
    }
    std::sort(labels_.begin(), labels_.end(), [](const LabelView& a, const LabelView& b) { return a.name < b.name; });
    if (is_histogram) {
      writer_.histogram(labels_, histograms_.back().value, histogram_time, out);
    } else {
      writer_.sample(labels_, floats_.values.back(), float_time, out);
    }
  }

  std::vector<storage::Selection> selections_;
  std::vector<Place> places_;
  Labels external_;
  FederateWriter writer_;
  std::size_t next_ = 0;
  std::vector<LabelView> labels_;
  storage::FloatColumns floats_;
  std::vector<storage::HistogramSample> histograms_;
};

bool labels_before(std::span<const LabelView> a, std::span<const LabelView> b) {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const LabelView& x, const LabelView& y) { return x.name != y.name ? x.name < y.name : x.value < y.value; });
}

/// Every series once, by metric, then by labels.
std::vector<Place> sorted_places(const std::vector<storage::Selection>& selections) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < selections.size(); ++i) {
    for (std::size_t series = 0; series < selections[i].size(); ++series) {
      places.push_back({i, series, storage::value_of(selections[i].labels(series), "__name__")});
    }
  }
  const auto labels = [&](const Place& place) { return selections[place.selection].labels(place.series); };
  std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
    return a.name != b.name ? a.name < b.name : labels_before(labels(a), labels(b));
  });
  const auto same = [&](const Place& a, const Place& b) {
    return a.name == b.name && std::ranges::equal(labels(a), labels(b));
  };
  places.erase(std::unique(places.begin(), places.end(), same), places.end());
  return places;
}

net::Response federate(storage::SeriesStore& store, const FederateOptions& options, const net::Request& request) {
  const std::vector<std::string> texts = request.query_parameters("match[]");
  if (texts.empty())
    return net::Response::text(400, "no match[] parameter: say which series, as in ?match[]={job=\"desk\"}\n");
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(options.clock->wall());
  std::vector<storage::Selection> selections;
  for (const std::string& text : texts) {
    const Result<std::vector<storage::Matcher>> matchers = promql::parse_selector(text);
    if (!matchers) return net::Response::text(400, matchers.error().message + "\n");
    selections.push_back(store.querier().select(*matchers, (now - options.lookback).count(), now.count()));
  }
  std::vector<Place> places = sorted_places(selections);
  if (places.size() > options.max_series) {
    return net::Response::text(422, std::to_string(places.size()) + " series match; at most " +
                                        std::to_string(options.max_series) + " are given at once. Narrow match[]\n");
  }
  ScrapeFormat format = negotiate(request.header_values("Accept"));
  if (format.exposition == Exposition::openmetrics) format = {Exposition::text, format.escaping};
  auto body = std::make_unique<FederateBody>(std::move(selections), std::move(places),
                                             options.external_labels ? options.external_labels() : Labels{}, format);
  return net::Response::stream(format.content_type(), std::move(body));
}

}  // namespace

net::Route federate_route(storage::SeriesStore& store, FederateOptions options) {
  net::Route route{"GET", "/federate", [&store, options = std::move(options)](const net::Request& request) {
                     return federate(store, options, request);
                   }};
  route.blocking = true;
  return route;
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
