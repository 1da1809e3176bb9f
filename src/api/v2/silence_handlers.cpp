// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "api/json_writer.hpp"
#include "api/v2/alert_filter.hpp"
#include "api/v2/alert_json.hpp"
#include "api/v2/posted_silence.hpp"
#include "api/v2/v2_handlers.hpp"
#include "notify/silences.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

bool is_uuid(std::string_view text) {
  constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return text.size() == form.size() && std::equal(text.begin(), text.end(), form.begin(), [](char c, char as) {
           const auto lower = static_cast<char>(static_cast<unsigned char>(c) | 0x20U);
           return as == '-' ? c == '-' : (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f');
         });
}

net::Response no_uuid(std::string_view id) {
  constexpr int invalid_type = 601;  // go-openapi's
  return refusal(422, invalid_type, "silenceID in path must be of type uuid: \"" + std::string(id) + '"');
}

net::Response no_silences() {
  return refusal(404, "there are no silences here: start the monitor with an alertmanager.yml");
}

/// Alertmanager's order: active ones by their end, then pending ones by their start, then expired ones, the latest first.
void sort(std::vector<notify::Silence>& silences, std::int64_t now) {
  const auto key = [now](const notify::Silence& silence) {
    const notify::SilenceState state = silence.state_at(now);
    const int rank = state == notify::SilenceState::active ? 0 : state == notify::SilenceState::pending ? 1 : 2;
    return std::pair(rank, rank == 0 ? silence.ends_ms : rank == 1 ? silence.starts_ms : -silence.ends_ms);
  };
  std::stable_sort(silences.begin(), silences.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

}  // namespace

net::Response list_silences(const V2Sources& sources, const net::Request& request) {
  auto filter = LabelFilter::of(request);
  if (!filter) return filter.refused();
  std::vector<notify::Silence> silences =
      sources.silences != nullptr ? sources.silences->all() : std::vector<notify::Silence>();
  const std::int64_t now = now_ms(sources);
  std::erase_if(silences, [&](const notify::Silence& silence) { return !filter->matches(silence); });
  sort(silences, now);
  std::string body = "[";
  for (const notify::Silence& silence : silences) {
    if (body.size() > 1) body += ',';
    append_silence(body, silence, now);
  }
  return net::Response::json(200, body + "]\n");
}

net::Response post_silence(const V2Sources& sources, const net::Request& request) {
  if (sources.silences == nullptr) return no_silences();
  auto posted = read_posted_silence(request.body, now_ms(sources));
  if (!posted) return posted.refused();
  if (!posted->id.empty() && (!is_uuid(posted->id) || !sources.silences->find(posted->id))) {
    return refusal(404, "silence not found");
  }
  const Result<std::string> id = sources.silences->set(std::move(*posted));
  if (!id) return refusal(400, id.error().message);
  std::string body;
  Object object(body);
  object.text("silenceID", *id).end();
  return net::Response::json(200, body + '\n');
}

net::Response show_silence(const V2Sources& sources, const net::Request& request) {
  const std::string id(request.parameter("id"));
  if (!is_uuid(id)) return no_uuid(id);
  const auto silence = sources.silences != nullptr ? sources.silences->find(id) : std::nullopt;
  if (!silence) return net::Response::text(404, "");
  std::string body;
  append_silence(body, *silence, now_ms(sources));
  return net::Response::json(200, body + '\n');
}

net::Response delete_silence(const V2Sources& sources, const net::Request& request) {
  if (sources.silences == nullptr) return no_silences();
  const std::string id(request.parameter("id"));
  if (!is_uuid(id)) return no_uuid(id);
  if (!sources.silences->find(id)) return refusal(404, "silence not found");
  const Result<void> expired = sources.silences->expire(id);
  return expired ? net::Response{} : refusal(500, expired.error().message);
}

}  // namespace api
BELLWETHER_NAMESPACE_END
