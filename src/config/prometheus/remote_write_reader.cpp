// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "config/prometheus/http_client_reader.hpp"
#include "config/prometheus/relabel_reader.hpp"
#include "config/prometheus/sending_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace config {
namespace {

// 0 counts as nothing sent, ever: refused where it cannot be meant.
void read_positive(SectionReader& section, std::string_view key, std::uint64_t& into) {
  if (section.count(key, into) && into == 0) section.wrong(key, std::string(key) + " must be above 0");
}

void read_positive(SectionReader& section, std::string_view key, std::chrono::milliseconds& into) {
  if (section.duration(key, into) && into.count() == 0) section.wrong(key, std::string(key) + " must be above 0");
}

void read_queue(const YamlNode& node, ReadContext& context, RemoteWriteQueueConfig& queue) {
  SectionReader section(node, "queue_config", context);
  read_positive(section, "capacity", queue.capacity);
  read_positive(section, "min_shards", queue.min_shards);
  read_positive(section, "max_shards", queue.max_shards);
  read_positive(section, "max_samples_per_send", queue.max_samples_per_send);
  read_positive(section, "batch_send_deadline", queue.batch_send_deadline);
  read_positive(section, "min_backoff", queue.min_backoff);
  read_positive(section, "max_backoff", queue.max_backoff);
  section.boolean("retry_on_http_429", queue.retry_on_http_429);
  section.duration("sample_age_limit", queue.sample_age_limit);
  if (queue.max_shards < queue.min_shards) section.wrong("max_shards", "max_shards is below min_shards: raise it");
  if (queue.max_backoff < queue.min_backoff) section.wrong("max_backoff", "max_backoff is below min_backoff: raise it");
  section.finish();
}

void read_metadata(const YamlNode& node, ReadContext& context, RemoteWriteMetadataConfig& metadata) {
  SectionReader section(node, "metadata_config", context);
  section.boolean("send", metadata.send);
  read_positive(section, "send_interval", metadata.send_interval);
  read_positive(section, "max_samples_per_send", metadata.max_samples_per_send);
  section.finish();
}

void read_headers(SectionReader& section, RemoteWriteConfig& remote) {
  ReadContext& context = section.context();
  section.each_entry("headers", [&](const YamlNode& header) {
    if (!is_header_name(header.key())) {
      context.wrong_key(header, "\"" + header.key() + "\" is not the name of a header: letters, digits and - only");
    } else if (is_reserved_header(header.key())) {
      context.wrong_key(header, "the header \"" + header.key() + "\" is set by other keys or by ourselves: remove it");
    } else if (header.is_null() || header.kind() == YamlNode::Kind::Scalar) {
      if (!is_header_value(header.text())) {
        context.wrong(header, "a header holds a line break or control character: write it on one line");
      }
      remote.headers[header.key()] = header.text();
    } else {
      context.wrong(header, "a header must be a text, as in `X-Scope-OrgID: desk`");
    }
  });
}

}  // namespace

RemoteWriteConfig read_remote_write(const YamlNode& node, ReadContext& context, std::set<std::string>& names) {
  SectionReader section(node, "remote_write", context);
  RemoteWriteConfig remote;
  section.text("url", remote.url);
  check_url(section, "url", remote.url);
  section.text("name", remote.name);
  if (!remote.name.empty() && !names.insert(remote.name).second) {
    section.wrong("name", "the name \"" + remote.name + "\" stands twice in remote_write: give each a name of its own");
  }
  static const std::vector<std::string_view> messages = names_of_first<RemoteWriteMessage, 2>();
  if (const auto message = section.choice("protobuf_message", messages)) {
    remote.protobuf_message = static_cast<RemoteWriteMessage>(*message);
  }
  read_positive(section, "remote_timeout", remote.remote_timeout);
  read_headers(section, remote);
  read_relabel_configs(section, "write_relabel_configs", remote.write_relabel_configs);
  section.boolean("send_exemplars", remote.send_exemplars);
  section.boolean("send_native_histograms", remote.send_native_histograms);
  section.boolean("round_robin_dns", remote.round_robin_dns);
  if (remote.round_robin_dns) section.wrong("round_robin_dns", "round_robin_dns is not supported: remove it");
  if (const YamlNode* queue = section.find("queue_config")) read_queue(*queue, context, remote.queue);
  if (const YamlNode* metadata = section.find("metadata_config")) read_metadata(*metadata, context, remote.metadata);
  read_http_client(section, remote.http);
  section.refuse("sigv4", "requests are not signed for AWS: put a signing proxy between");
  section.refuse("azuread", "there is no login at Azure: put a proxy between");
  section.refuse("google_iam", "there is no login at Google: put a proxy between");
  section.finish();
  return remote;
}

}  // namespace config
BELLWETHER_NAMESPACE_END
