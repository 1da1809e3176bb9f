// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/discovery_reader.hpp"
#include "config/prometheus/http_client_reader.hpp"
#include "config/prometheus/relabel_reader.hpp"
#include "config/prometheus/sending_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

AlertmanagerConfig read_alertmanager(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "alertmanagers", context);
  AlertmanagerConfig manager;
  if (section.text("scheme", manager.scheme) && manager.scheme != "http" && manager.scheme != "https") {
    section.wrong("scheme", "scheme must be http or https");
  }
  section.text("path_prefix", manager.path_prefix);
  section.duration("timeout", manager.timeout);
  if (manager.timeout.count() == 0) section.wrong("timeout", "timeout must be above 0");
  std::string version = "v2";
  if (section.text("api_version", version) && version != "v2") {
    section.wrong("api_version", "api_version must be v2: Alertmanager has no other since 0.27");
  }
  read_http_client(section, manager.http);
  section.refuse("sigv4", "requests are not signed for AWS: put a signing proxy between");
  section.refuse("google_iam", "there is no login at Google: put a proxy between");
  read_discovery(section, manager.discovery);
  read_relabel_configs(section, "relabel_configs", manager.relabel_configs);
  read_relabel_configs(section, "alert_relabel_configs", manager.alert_relabel_configs);
  section.finish();
  return manager;
}

}  // namespace

void read_alerting(const YamlNode& node, ReadContext& context, AlertingConfig& alerting) {
  SectionReader section(node, "alerting", context);
  read_relabel_configs(section, "alert_relabel_configs", alerting.alert_relabel_configs);
  section.each("alertmanagers",
               [&](const YamlNode& manager) { alerting.alertmanagers.push_back(read_alertmanager(manager, context)); });
  section.finish();
}

}  // namespace config
BELLWETHER_NAMESPACE_END
