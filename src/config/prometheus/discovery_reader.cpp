// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/discovery_reader.hpp"

#include <algorithm>
#include <array>

#include "config/prometheus/http_client_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

constexpr std::array<std::string_view, 30> other_discoveries{
    "aws_sd_configs",        "azure_sd_configs",    "consul_sd_configs",      "digitalocean_sd_configs",
    "dns_sd_configs",        "docker_sd_configs",   "dockerswarm_sd_configs", "ec2_sd_configs",
    "eureka_sd_configs",     "gce_sd_configs",      "hetzner_sd_configs",     "ionos_sd_configs",
    "kubernetes_sd_configs", "kuma_sd_configs",     "lightsail_sd_configs",   "linode_sd_configs",
    "marathon_sd_configs",   "nerve_sd_configs",    "nomad_sd_configs",       "openstack_sd_configs",
    "outscale_sd_configs",   "ovhcloud_sd_configs", "puppetdb_sd_configs",    "scaleway_sd_configs",
    "serverset_sd_configs",  "stackit_sd_configs",  "triton_sd_configs",      "uyuni_sd_configs",
    "vultr_sd_configs",      "zookeeper_sd_configs"};

constexpr std::chrono::milliseconds least_refresh{100};

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool is_discovery_file(std::string_view file) {
  const std::array<std::string_view, 6> endings{".json", ".yml", ".yaml", ".JSON", ".YML", ".YAML"};
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) { return ends_with(file, ending); });
}

void read_refresh(SectionReader& section, std::chrono::milliseconds& into) {
  if (!section.duration("refresh_interval", into)) return;
  if (into < least_refresh) section.wrong("refresh_interval", "refresh_interval must be at least 100ms: raise it");
}

FileDiscoveryConfig read_file_discovery(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "file_sd_configs", context);
  FileDiscoveryConfig config;
  if (section.texts("files", config.files) ? config.files.empty() : section.find("files") == nullptr) {
    section.wrong("files", "file_sd_configs needs files: add at least one path");
  }
  if (const YamlNode* files = section.find("files"); files != nullptr && files->items().size() == config.files.size()) {
    for (std::size_t i = 0; i < config.files.size(); ++i) {
      std::string& file = config.files[i];
      if (!is_discovery_file(file)) {
        context.wrong(files->items()[i], "a discovery file must end in .json, .yml or .yaml");
      } else if (!is_glob(file)) {
        context.wrong(files->items()[i], "only the last part of a path may hold *: move the files into one folder");
      }
      file = context.beside(file);
    }
  }
  read_refresh(section, config.refresh_interval);
  section.finish();
  return config;
}

HttpDiscoveryConfig read_http_discovery(const YamlNode& node, ReadContext& context) {
  SectionReader section(node, "http_sd_configs", context);
  HttpDiscoveryConfig config;
  section.text("url", config.url);
  check_url(section, "url", config.url);
  read_refresh(section, config.refresh_interval);
  read_http_client(section, config.http);
  section.finish();
  return config;
}

}  // namespace

std::optional<std::string> address_fault(std::string_view address) {
  if (address.empty()) return "the address is empty: write host:port";
  if (address.find("://") != std::string_view::npos) {
    return "\"" + std::string(address) + "\" is a URL: write host:port, and use scheme and metrics_path for the rest";
  }
  if (address.find('/') != std::string_view::npos) {
    return "\"" + std::string(address) + "\" is not host:port: use metrics_path for the path";
  }
  const bool odd = std::any_of(address.begin(), address.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '?' || c == '#' || c == '@';
  });
  if (odd) return "\"" + std::string(address) + "\" is not host:port: a space, @, ? or # stands in it";
  return std::nullopt;
}

bool is_glob(std::string_view path) {
  const std::size_t star = path.find('*');
  return star == std::string_view::npos || path.find('/', star) == std::string_view::npos;
}

void read_target_group(const YamlNode& node, ReadContext& context, TargetGroup& group, bool check_addresses) {
  SectionReader section(node, "a target group", context);
  section.each("targets", [&](const YamlNode& target) {
    if (target.kind() != YamlNode::Kind::Scalar) {
      context.wrong(target, "a target must be a text, as in host:port");
    } else if (const auto fault = address_fault(target.text()); fault && check_addresses) {
      context.wrong(target, *fault);
    } else {
      group.targets.push_back(target.text());
    }
  });
  section.labels("labels", group.labels);
  section.finish();
}

void read_discovery(SectionReader& section, DiscoveryConfig& discovery) {
  ReadContext& context = section.context();
  section.each("static_configs", [&](const YamlNode& node) {
    read_target_group(node, context, discovery.static_configs.emplace_back(), true);
  });
  section.each("file_sd_configs",
               [&](const YamlNode& node) { discovery.file_sd_configs.push_back(read_file_discovery(node, context)); });
  section.each("http_sd_configs",
               [&](const YamlNode& node) { discovery.http_sd_configs.push_back(read_http_discovery(node, context)); });
  for (const std::string_view key : other_discoveries) {
    section.refuse(key,
                   "let something write the targets into a file for file_sd_configs, or serve them to http_sd_configs");
  }
}

}  // namespace config
BELLWETHER_NAMESPACE_END
