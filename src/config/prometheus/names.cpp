// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/prometheus/remote_write_config.hpp"
#include "config/prometheus/scrape_config.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

// In the order of the enumerations.
constexpr std::array<std::string_view, 11> actions{"replace",   "keep",      "drop",     "keepequal",
                                                   "dropequal", "hashmod",   "labelmap", "labeldrop",
                                                   "labelkeep", "lowercase", "uppercase"};
constexpr std::array<std::string_view, 5> protocols{"PrometheusProto", "OpenMetricsText0.0.1", "OpenMetricsText1.0.0",
                                                    "PrometheusText0.0.4", "PrometheusText1.0.0"};
constexpr std::array<std::string_view, 2> validations{"utf8", "legacy"};
constexpr std::array<std::string_view, 4> escapings{"allow-utf-8", "underscores", "dots", "values"};
constexpr std::array<std::string_view, 2> messages{"prometheus.WriteRequest", "io.prometheus.write.v2.Request"};

template <typename Names, typename Enum>
std::string_view name_in(const Names& names, Enum value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return index < names.size() ? names[index] : std::string_view{};
}

}  // namespace

std::string_view name_of(RelabelAction action) noexcept {
  return name_in(actions, action);
}
std::string_view name_of(ScrapeProtocol protocol) noexcept {
  return name_in(protocols, protocol);
}
std::string_view name_of(NameValidation scheme) noexcept {
  return name_in(validations, scheme);
}
std::string_view name_of(NameEscaping scheme) noexcept {
  return name_in(escapings, scheme);
}
std::string_view name_of(RemoteWriteMessage message) noexcept {
  return name_in(messages, message);
}

}  // namespace config
BELLWETHER_NAMESPACE_END
