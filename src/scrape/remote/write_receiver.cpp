// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/write_receiver.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "scrape/remote/snappy_block.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace remote {
namespace {

using storage::LabelSet;
using storage::Outcome;
using storage::SeriesRef;

constexpr std::size_t commit_size = 5'000;  // samples; readers see each commit whole

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::erase_if(out, [](char c) { return c == ' ' || c == '\t' || c == '"'; });
  return out;
}

/// Nothing: a type that is not ours. No type at all is v1's, as receivers of 1.0 have it.
std::optional<MessageVersion> version_of(std::string_view content_type) {
  const std::string type = lower(content_type);
  if (type.empty()) return MessageVersion::v1;
  const std::size_t end = type.find(';');
  if (type.substr(0, end) != "application/x-protobuf") return std::nullopt;
  MessageVersion version = MessageVersion::v1;
  for (std::size_t at = end; at != std::string::npos;) {
    const std::size_t next = type.find(';', at + 1);
    const std::string parameter = type.substr(at + 1, next == std::string::npos ? next : next - at - 1);
    at = next;
    if (!parameter.starts_with("proto=")) continue;
    if (parameter == "proto=io.prometheus.write.v2.request") {
      version = MessageVersion::v2;
    } else if (parameter != "proto=prometheus.writerequest") {
      return std::nullopt;
    }
  }
  return version;
}

/// In words, for the answer.
const char* reason(Outcome outcome) {
  switch (outcome) {
    case Outcome::conflict:
      return "duplicate sample for timestamp: another value of this time is stored";
    case Outcome::too_old:
      return "out of order sample: older than the newest of its series by more than is taken";
    case Outcome::too_far_ahead:
      return "out of bounds: too far ahead of this machine's clock";
    case Outcome::malformed:
      return "the histogram's spans do not fit its counts";
    case Outcome::store_full:
      return "the disk takes nothing at the moment";
    default:
      return "unknown series";
  }
}

}  // namespace

/// One message: its series go into commits of a few thousand samples.
class WriteReceiver::Work {
 public:
  explicit Work(WriteReceiver& receiver) : receiver_(&receiver), appender_(receiver.store_->appender()) {}

  void add(DecodedSeries& series) {
    const std::size_t values = series.samples.size() + series.histogram_count;
    const Result<LabelSet> labels = LabelSet::make(series.labels);
    if (!labels) return refuse(values, labels.error().message);
    if (labels->value("__name__").empty()) return refuse(values, labels->to_string() + " has no metric name");
    const Result<SeriesRef> ref = receiver_->store_->find_or_add(*labels);
    if (!ref) return refuse(values, ref.error().message);
    for (const WrittenSample& sample : series.samples) append(*ref, sample.time_ms, sample.value);
    for (std::size_t i = 0; i < series.histogram_count; ++i) {
      append(*ref, series.histograms[i].time_ms, series.histograms[i].value);
    }
    for (std::size_t i = 0; i < series.exemplar_count; ++i) add_exemplar(*ref, *labels, series.exemplars[i]);
    if (series.has_metadata) {
      series.metadata.name = labels->value("__name__");
      receiver_->keep_metadata(series.metadata);
    }
    if (appender_.size() >= commit_size) commit();
  }

  void commit() {
    // Floats and histograms apart, for a report does not tell them from each other.
    const std::size_t of_floats = floats_;
    const storage::CommitReport report = appender_.commit();
    const std::uint64_t all = of_floats + histograms_;
    std::uint64_t refused = 0;
    for (std::size_t i = 0; i < storage::outcome_count; ++i) {
      const auto outcome = static_cast<Outcome>(i);
      if (outcome == Outcome::appended || outcome == Outcome::out_of_order || outcome == Outcome::duplicate) continue;
      if (report.of(outcome) == 0) continue;
      refused += report.of(outcome);
      if (outcome == Outcome::store_full) out.store_full = true;
      if (out.first_problem.empty()) out.first_problem = reason(outcome);
    }
    out.refused += refused;
    const std::uint64_t taken = all - std::min(all, refused);
    (histograms_ > 0 ? out.histograms : out.samples) += taken;
    floats_ = 0;
    histograms_ = 0;
  }

  ReceivedWrite out;

 private:
  template <typename Value>
  void append(SeriesRef ref, std::int64_t time_ms, const Value& value) {
    constexpr bool is_histogram = !std::is_same_v<Value, double>;
    if ((is_histogram ? floats_ : histograms_) > 0) commit();
    appender_.append(ref, time_ms, value);
    ++(is_histogram ? histograms_ : floats_);
  }

  void add_exemplar(SeriesRef ref, const LabelSet& labels, const WrittenExemplar& exemplar) {
    scrape::ExemplarStore* const store = receiver_->options_.exemplars;
    if (store == nullptr) return;
    const exposition::ExemplarView view{exemplar.labels, exemplar.value, exemplar.time_ms};
    const auto outcome = store->add(ref, &labels, view, exemplar.time_ms);
    // A repeated one is there; others are lost without an error, as in Prometheus.
    if (outcome == scrape::ExemplarStore::Outcome::added || outcome == scrape::ExemplarStore::Outcome::duplicate) {
      ++out.exemplars;
    }
  }

  void refuse(std::size_t values, const std::string& why) {
    out.refused += std::max<std::size_t>(values, 1);
    if (out.first_problem.empty()) out.first_problem = why;
  }

  WriteReceiver* receiver_;
  storage::Appender appender_;
  std::size_t floats_ = 0;
  std::size_t histograms_ = 0;
};

WriteReceiver::WriteReceiver(storage::SeriesStore& store, ReceiverOptions options) : store_(&store), options_(options) {
  if (options_.metadata != nullptr) {
    families_ = options_.metadata->add_target({});
    families_->begin();
  }
  if (options_.registry == nullptr) return;
  Registry& registry = *options_.registry;
  samples_ =
      registry.counter("bellwether_remote_receive_samples_total", "Samples and histograms pushed and stored.").value();
  refused_ =
      registry.counter("bellwether_remote_receive_refused_total", "Samples and histograms pushed and refused.").value();
  requests_failed_ =
      registry.counter("bellwether_remote_receive_failed_requests_total", "Requests to write that could not be read.")
          .value();
}

void WriteReceiver::keep_metadata(const FamilyMetadataView& family) {
  if (families_ == nullptr || family.name.empty()) return;
  const std::hash<std::string_view> hash;
  const std::size_t said = hash(family.help) * 31 + hash(family.unit) * 17 + static_cast<std::size_t>(family.type);
  const std::lock_guard lock(metadata_mutex_);
  const auto known = kept_families_.find(std::string(family.name));
  if (known != kept_families_.end() && known->second == said) return;
  if (known == kept_families_.end() && kept_families_.size() >= options_.max_families) return;
  kept_families_[std::string(family.name)] = said;
  families_->set_type(family.name, family.type);
  families_->set_help(family.name, family.help);
  families_->set_unit(family.name, family.unit);
}

ReceivedWrite WriteReceiver::write(MessageVersion version, std::string_view message) {
  Work work(*this);
  WriteVisitor visitor;
  visitor.series = [&](DecodedSeries& series) { work.add(series); };
  visitor.metadata = [&](const FamilyMetadataView& family) { keep_metadata(family); };
  const Result<void> decoded = decode_write_message(version, message, visitor);
  work.commit();
  if (!decoded) {
    work.out.malformed = true;
    work.out.first_problem = decoded.error().message;
  }
  samples_.inc(work.out.samples + work.out.histograms);
  refused_.inc(work.out.refused);
  return std::move(work.out);
}

net::Response WriteReceiver::handle(const net::Request& request) {
  const auto fail = [&](int status, const std::string& why) {
    requests_failed_.inc();
    return net::Response::text(status, why + "\n");
  };
  const std::optional<MessageVersion> version = version_of(request.header("Content-Type"));
  if (!version) {
    return fail(415,
                "Content-Type must be application/x-protobuf, with proto=prometheus.WriteRequest or "
                "proto=io.prometheus.write.v2.Request");
  }
  const std::string encoding = lower(request.header("Content-Encoding"));
  if (!encoding.empty() && encoding != "snappy") return fail(415, "Content-Encoding must be snappy");
  const Result<std::string> message = snappy_uncompress(request.body, options_.max_uncompressed_bytes);
  if (!message) return fail(400, message.error().message);

  const ReceivedWrite written = write(*version, *message);
  net::Response response = net::Response::text(204, "");
  if (written.malformed) {
    response = fail(400, written.first_problem);
  } else if (written.refused > 0) {
    response = net::Response::text(
        written.store_full ? 503 : 400,
        std::to_string(written.refused) + " samples are refused, the others stored: " + written.first_problem + "\n");
  }
  response.headers.emplace_back("X-Prometheus-Remote-Write-Samples-Written", std::to_string(written.samples));
  response.headers.emplace_back("X-Prometheus-Remote-Write-Histograms-Written", std::to_string(written.histograms));
  response.headers.emplace_back("X-Prometheus-Remote-Write-Exemplars-Written", std::to_string(written.exemplars));
  return response;
}

net::Route remote_write_route(std::shared_ptr<WriteReceiver> receiver) {
  net::Route route{"POST", "/api/v1/write",
                   [receiver = std::move(receiver)](const net::Request& request) { return receiver->handle(request); }};
  route.blocking = true;
  return route;
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
