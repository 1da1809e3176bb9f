// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "api/json_writer.hpp"
#include "api/v2/alert_json.hpp"
#include "api/v2/v2_handlers.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

net::Response show_status(const V2Sources& sources, const net::Request&) {
  std::string body;
  Object object(body);
  Object cluster(object.key("cluster"));
  cluster.key("peers") += "[]";
  cluster.text("status", "disabled").end();
  Object config(object.key("config"));
  config.text("original", sources.config_yaml ? sources.config_yaml() : std::string()).end();
  object.text("uptime", alert_time(sources.start_ms));
  // Who asks wants to know which API this is: `version` is Alertmanager's, whose API we speak.
  Object version(object.key("versionInfo"));
  version.text("branch", "bellwether")
      .text("buildDate", "")
      .text("buildUser", "")
      .text("goVersion", "")
      .text("revision", "bellwether-" BELLWETHER_VERSION_STRING)
      .text("version", "0.28.0")
      .end();
  object.end();
  return net::Response::json(200, body + '\n');
}

net::Response list_receivers(const V2Sources& sources, const net::Request&) {
  std::string body = "[";
  for (const std::string& name : sources.receivers ? sources.receivers() : std::vector<std::string>()) {
    if (body.size() > 1) body += ',';
    Object object(body);
    object.text("name", name).end();
  }
  return net::Response::json(200, body + "]\n");
}

}  // namespace api
BELLWETHER_NAMESPACE_END
