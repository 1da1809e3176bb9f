// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/alertmanager/readers.hpp"

#include <unistd.h>

#include <charconv>

#include "config/prometheus/http_client_reader.hpp"
#include "config/yaml_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {

void exclude_keys(SectionReader& section, std::string_view first, std::string_view second) {
  if (section.find(first) != nullptr && section.find(second) != nullptr) {
    section.wrong(second, std::string(first) + " and " + std::string(second) + " exclude each other: keep one");
  }
}

bool read_positive(SectionReader& section, std::string_view key, std::chrono::milliseconds& into) {
  if (!section.duration(key, into)) return false;
  if (into.count() != 0) return true;
  section.wrong(key, std::string(key) + " must be above 0");
  return false;
}

bool read_optional(SectionReader& section, std::string_view key, std::optional<std::string>& into) {
  std::string value;
  if (!section.text(key, value)) return false;
  into = std::move(value);
  return true;
}

void read_texts(SectionReader& section, std::string_view key, TemplateTexts& into) {
  section.each_entry(key, [&](const YamlNode& item) {
    if (item.is_null() || item.kind() == YamlNode::Kind::Scalar) {
      into[item.key()] = item.text();
    } else {
      section.context().wrong(item, std::string(key) + " takes texts only, as in `name: value`");
    }
  });
}

void read_http_config(SectionReader& section, HttpClientConfig& http) {
  const YamlNode* const node = section.find("http_config");
  if (node == nullptr) return;
  SectionReader client(*node, "http_config", section.context());
  http = {};
  read_http_client(client, http);
  client.finish();
}

void read_tls_config(SectionReader& section, std::string_view key, ClientTlsConfig& tls) {
  if (const YamlNode* node = section.find(key)) {
    tls = read_client_tls(*node, section.context());
    if (const YamlNode* name = node->find("server_name")) {
      section.context().wrong(*name, "here the certificate must name the host of the smarthost: remove it");
    }
  }
}

bool read_url(SectionReader& section, std::string_view key, std::string& into) {
  if (!section.text(key, into)) return false;
  check_url(section, key, into);
  return true;
}

bool read_secret_url(SectionReader& section, std::string_view key, Secret& into) {
  if (!section.secret(key, into)) return false;
  check_url(section, key, into.reveal());
  return true;
}

void read_secret_or_file(SectionReader& section, std::string_view key, std::string_view file_key, Secret& secret,
                         std::string& file) {
  Secret new_secret;
  std::string new_file;
  const bool found = section.secret(key, new_secret);
  const bool found_file = section.path(file_key, new_file);
  exclude_keys(section, key, file_key);
  if (!found && !found_file) return;
  secret = std::move(new_secret);
  file = std::move(new_file);
}

void read_matchers(SectionReader& section, std::string_view key, std::vector<LabelMatcher>& into) {
  section.each(key, [&](const YamlNode& item) {
    if (item.kind() != YamlNode::Kind::Scalar) {
      section.context().wrong(item, "a matcher must be a text, as in `severity=\"P0\"`");
      return;
    }
    Result<std::vector<LabelMatcher>> matchers = parse_label_matchers(item.text());
    if (!matchers) {
      section.context().wrong(item, matchers.error().message);
    } else {
      into.insert(into.end(), matchers->begin(), matchers->end());
    }
  });
}

void read_host_and_port(SectionReader& section, std::string_view key, HostAndPort& into) {
  std::string text;
  if (!section.text(key, text) || text.empty()) return;
  const std::size_t colon = text.rfind(':');
  std::string host = text.substr(0, colon);
  const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (brackets) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] =
      colon == std::string::npos ? std::from_chars_result{} : std::from_chars(text.data() + colon + 1, end, port);
  if (colon == std::string::npos || fault != std::errc{} || stop != end || port == 0) {
    section.wrong(key, std::string(key) + " must be host:port with a port from 1 to 65535, as in smtp.example.org:587");
  } else if (!brackets && host.find_first_of(":[]") != std::string::npos) {
    section.wrong(key, std::string(key) + " holds an IPv6 address: write it as [address]:port");
  } else {
    into = {std::move(host), port};
  }
}

void check_label_names(SectionReader& section, std::string_view key, const std::vector<std::string>& names) {
  Names seen;
  for (const std::string& name : names) {
    if (!is_label_name(name, NameValidation::utf8)) {
      section.wrong(key, "\"" + name + "\" in " + std::string(key) + " is not a label name: it must not be empty");
    } else if (!seen.insert(name).second) {
      section.wrong(key, "the label \"" + name + "\" stands twice in " + std::string(key) + ": remove one");
    }
  }
}

void check_known(SectionReader& section, std::string_view key, std::string_view what, const std::string& name,
                 const Names& names) {
  if (names.count(name) != 0) return;
  const std::string_view near = nearest_word(name, {names.begin(), names.end()});
  section.wrong(
      key, "there is no " + std::string(what) + " \"" + name + "\"" +
               (near.empty() ? ": define it, or correct the name" : ": did you mean \"" + std::string(near) + "\"?"));
}

void fill_in(Secret& secret, std::string& file, const Secret& variable) {
  if (variable.empty() || !secret.empty()) return;
  if (!file.empty() && ::access(file.c_str(), F_OK) == 0) return;
  secret = variable;
  file.clear();
}

}  // namespace config
BELLWETHER_NAMESPACE_END
