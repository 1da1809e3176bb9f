// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/protocols.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {
namespace {

using config::ScrapeProtocol;

std::string_view media_type(ScrapeProtocol protocol) {
  switch (protocol) {
    case ScrapeProtocol::prometheus_proto:
      return "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    case ScrapeProtocol::open_metrics_text_0_0_1:
      return "application/openmetrics-text;version=0.0.1";
    case ScrapeProtocol::open_metrics_text_1_0_0:
      return "application/openmetrics-text;version=1.0.0";
    case ScrapeProtocol::prometheus_text_1_0_0:
      return "text/plain;version=1.0.0";
    case ScrapeProtocol::prometheus_text_0_0_4:
      break;
  }
  return "text/plain;version=0.0.4";
}

/// Versions that know of names beyond the legacy scheme are told how to write them.
bool states_escaping(ScrapeProtocol protocol) {
  return protocol == ScrapeProtocol::prometheus_proto || protocol == ScrapeProtocol::open_metrics_text_1_0_0 ||
         protocol == ScrapeProtocol::prometheus_text_1_0_0;
}

}  // namespace

std::string accept_header(const config::ScrapeConfig& job) {
  std::string out;
  std::size_t weight = job.scrape_protocols.size() + 1;
  for (const ScrapeProtocol protocol : job.scrape_protocols) {
    out += media_type(protocol);
    if (states_escaping(protocol)) {
      out += ";escaping=";
      out += name_of(job.metric_name_escaping_scheme);
    }
    out += ";q=0." + std::to_string(weight--) + ',';
  }
  return out + "*/*;q=0." + std::to_string(weight);
}

Result<std::unique_ptr<exposition::ExpositionReader>> open_answer(const config::ScrapeConfig& job,
                                                                  std::string_view content_type,
                                                                  std::string_view body) {
  const exposition::ReaderOptions options{.classic_histograms_too =
                                              job.always_scrape_classic_histograms || !job.scrape_native_histograms};
  auto opened = exposition::open_exposition(content_type, body, options);
  if (opened) return opened;
  if (job.fallback_scrape_protocol) {
    return exposition::open_exposition(media_type(*job.fallback_scrape_protocol), body, options);
  }
  if (content_type.empty()) {
    return Error{"the answer has no Content-Type, and the job no fallback_scrape_protocol; set it, or mend the target"};
  }
  return Error{opened.error().message + "; fallback_scrape_protocol would say how to read it"};
}

}  // namespace scrape
BELLWETHER_NAMESPACE_END
