// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include "api/handlers.hpp"
#include "api/json_writer.hpp"
#include "exposition/utf8.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

constexpr std::int64_t furthest = std::int64_t{1} << 53;  // milliseconds; what a store can hold lies within
constexpr const char* truncated = "results truncated due to limit";

using LabelSpan = std::span<const storage::LabelView>;

bool before(const LabelSpan& a, const LabelSpan& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.name != y.name ? x.name < y.name : x.value < y.value;
  });
}

bool same(const LabelSpan& a, const LabelSpan& b) {
  return !before(a, b) && !before(b, a);
}

/// Series, each once, written while they are sent; holds the selections that own the labels.
class SeriesBody final : public net::BodySource {
 public:
  SeriesBody(std::vector<storage::Selection> selections, std::size_t limit) : selections_(std::move(selections)) {
    for (const storage::Selection& selection : selections_) {
      for (std::size_t i = 0; i < selection.size(); ++i) series_.push_back(selection.labels(i));
    }
    if (selections_.size() > 1) {
      std::sort(series_.begin(), series_.end(), before);
      series_.erase(std::unique(series_.begin(), series_.end(), same), series_.end());
    }
    for (const storage::Selection& selection : selections_) {
      warnings_.insert(warnings_.end(), selection.warnings().begin(), selection.warnings().end());
    }
    if (limit == 0 || series_.size() <= limit) return;
    series_.resize(limit);
    warnings_.emplace_back(truncated);
  }

  bool next(std::string& chunk) override {
    if (done_) return false;
    constexpr std::size_t chunk_size = 64UL * 1024;
    if (next_ == 0) chunk += R"({"status":"success","data":[)";
    for (; next_ < series_.size() && chunk.size() < chunk_size; ++next_) {
      if (next_ > 0) chunk += ',';
      append_labels(chunk, series_[next_]);
    }
    if (next_ < series_.size()) return true;
    chunk += ']';
    if (!warnings_.empty()) {
      chunk += R"(,"warnings":)";
      append_texts(chunk, warnings_);
    }
    chunk += '}';
    done_ = true;
    return true;
  }

 private:
  std::vector<storage::Selection> selections_;
  std::vector<LabelSpan> series_;
  std::vector<std::string> warnings_;
  std::size_t next_ = 0;
  bool done_ = false;
};

struct Span {
  std::vector<std::vector<storage::Matcher>> selectors;
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::size_t limit = 0;
};

Result<Span> read_span(const Parameters& parameters, bool needs_selector) {
  Span out;
  const auto from = parameters.time("start", -furthest);
  if (!from) return from.error();
  const auto to = parameters.time("end", furthest);
  if (!to) return to.error();
  if (*to < *from) return Error{"invalid parameter \"end\": end timestamp must not be before start timestamp"};
  const auto limit = parameters.limit();
  if (!limit) return limit.error();
  auto selectors = parameters.selectors(needs_selector);
  if (!selectors) return selectors.error();
  out.selectors = std::move(*selectors);
  out.from = *from;
  out.to = *to;
  out.limit = *limit;
  return out;
}

/// Sorted texts of all selectors, each once.
net::Response texts(const Span& span,
                    const std::function<std::vector<std::string>(std::span<const storage::Matcher>)>& ask) {
  std::vector<std::string> all;
  if (span.selectors.empty()) all = ask({});
  for (const auto& selector : span.selectors) {
    std::vector<std::string> some = ask(selector);
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  if (span.selectors.size() > 1) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }
  std::vector<std::string> warnings;
  if (span.limit > 0 && all.size() > span.limit) {
    all.resize(span.limit);
    warnings.emplace_back(truncated);
  }
  std::string data;
  append_texts(data, all);
  return success(data, warnings);
}

}  // namespace

net::Response series(const ApiSources& sources, const net::Request& request, const Parameters& parameters) {
  const auto span = read_span(parameters, true);
  if (!span) return failure(ErrorType::bad_data, span.error().message);
  const storage::Querier querier = sources.store->querier();
  std::vector<storage::Selection> selections;
  for (const auto& selector : span->selectors) selections.push_back(querier.select(selector, span->from, span->to));
  return stream(request, std::make_unique<SeriesBody>(std::move(selections), span->limit));
}

net::Response label_names(const ApiSources& sources, const net::Request&, const Parameters& parameters) {
  const auto span = read_span(parameters, false);
  if (!span) return failure(ErrorType::bad_data, span.error().message);
  const storage::Querier querier = sources.store->querier();
  return texts(*span, [&](auto matchers) { return querier.label_names(matchers, span->from, span->to); });
}

net::Response label_values(const ApiSources& sources, const net::Request& request, const Parameters& parameters) {
  const std::string name(request.parameter("name"));
  if (name.empty() || !exposition::is_utf8(name)) {
    return failure(ErrorType::bad_data, "invalid label name: \"" + name + '"');
  }
  const auto span = read_span(parameters, false);
  if (!span) return failure(ErrorType::bad_data, span.error().message);
  const storage::Querier querier = sources.store->querier();
  return texts(*span, [&](auto matchers) { return querier.label_values(name, matchers, span->from, span->to); });
}

}  // namespace api
BELLWETHER_NAMESPACE_END
