// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "api/json_writer.hpp"
#include "api/v2/posted_silence.hpp"
#include "api/v2/v2_handlers.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// {"acknowledged":["<fingerprint>", …]}. 404 where no alert that fires is meant.
net::Response acknowledge_alerts(const V2Sources& sources, const net::Request& request) {
  if (!sources.acknowledge) return refusal(404, "no alerts are held here");
  auto wanted = read_acknowledgement(request.body);
  if (!wanted) return wanted.refused();
  const std::int64_t now = now_ms(sources);
  std::set<std::string> fingerprints;
  for (const notify::AlertView& view : sources.alerts ? sources.alerts() : std::vector<notify::AlertView>()) {
    if (view.alert.resolved_at(now)) continue;
    const auto& named = wanted->fingerprints;
    if (std::find(named.begin(), named.end(), view.fingerprint) != named.end() ||
        (wanted->matchers && wanted->matchers->matches(view.alert.labels))) {
      fingerprints.insert(view.fingerprint);
    }
  }
  if (fingerprints.empty()) return refusal(404, "no alert that fires is meant; see GET /api/v2/alerts");
  notify::Acknowledgement acknowledgement{{}, wanted->by, wanted->comment, now, 0};
  if (wanted->duration) acknowledgement.until_ms = now + wanted->duration->count();
  std::string body;
  Object object(body);
  std::string faults;
  std::vector<std::string> done;
  for (const std::string& fingerprint : fingerprints) {
    acknowledgement.fingerprint = fingerprint;
    const Result<void> taken = sources.acknowledge(acknowledgement);
    if (taken) {
      done.push_back(fingerprint);
    } else {
      faults += (faults.empty() ? "" : "; ") + taken.error().message;
    }
  }
  if (done.empty()) return refusal(409, faults);  // they ended meanwhile, or cannot be written down
  append_texts(object.key("acknowledged"), done);
  if (!faults.empty()) object.text("faults", faults);
  object.end();
  return net::Response::json(200, std::move(body));
}

}  // namespace api
BELLWETHER_NAMESPACE_END
