// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <functional>

#include "api/v2/alert_json.hpp"
#include "api/v2/page_text.hpp"
#include "api/v2/v2_handlers.hpp"
#include "api/v2/v2_routes.hpp"
#include "base/duration.hpp"
#include "notify/matcher.hpp"
#include "notify/signed_link.hpp"
#include "notify/silences.hpp"
#include "template/format.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {
namespace {

using templates::escape_html;

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_comment = 2000;
constexpr std::size_t most_shown = 20;
constexpr std::chrono::hours longest_silence{24 * 7};

net::Response page_of_fault(int status, const std::string& what) {
  return html_page(status, "This link does nothing", "<p>" + escape_html(what) + "</p>");
}

Result<notify::LinkClaim> claim_of(const V2Sources& sources, const net::Request& request, notify::LinkPurpose purpose) {
  return sources.links->check(request.query_parameter("token").value_or(""), purpose, now_ms(sources));
}

std::vector<notify::AlertView> firing_of(const V2Sources& sources,
                                         const std::function<bool(const notify::AlertView&)>& meant) {
  std::vector<notify::AlertView> views = sources.alerts ? sources.alerts() : std::vector<notify::AlertView>();
  const std::int64_t now = now_ms(sources);
  std::erase_if(views, [&](const notify::AlertView& view) { return view.alert.resolved_at(now) || !meant(view); });
  return views;
}

std::vector<notify::AlertView> alerts_of_subject(const V2Sources& sources, const std::string& subject) {
  auto views = firing_of(sources, [&](const notify::AlertView& view) { return view.fingerprint == subject; });
  if (!views.empty() || !sources.groups) return views;
  const std::int64_t now = now_ms(sources);
  for (notify::GroupView& group : sources.groups()) {
    if (group.key != subject) continue;
    for (notify::AlertView& view : group.alerts) {
      if (!view.alert.resolved_at(now)) views.push_back(std::move(view));
    }
  }
  return views;
}

std::string list_of(const std::vector<notify::AlertView>& views) {
  if (views.empty()) return "<p>No alert fires that this is about: it has ended.</p>";
  std::string out = "<ul>";
  for (std::size_t i = 0; i < std::min(views.size(), most_shown); ++i) {
    const rules::Alert& alert = views[i].alert;
    out += "<li>";
    for (const auto& [name, value] : alert.labels) {
      out += "<code>";
      out += escape_html(name);
      out += "=&quot;";
      out += escape_html(value);
      out += "&quot;</code> ";
    }
    const auto summary = alert.annotations.find("summary");
    if (summary != alert.annotations.end()) out += "<br>" + escape_html(summary->second);
    out += "<br>since " + alert_time(alert.starts_ms);
    if (views[i].acknowledgement) out += ", acknowledged by " + escape_html(views[i].acknowledgement->by);
    out += "</li>";
  }
  if (views.size() > most_shown) out += "<li>and " + std::to_string(views.size() - most_shown) + " more</li>";
  return out + "</ul>";
}

/// The form posts to where it stands: the token stays in the address.
std::string form_of(const std::string& fields, const char* button) {
  return "<form method=\"post\"><label>Your name <input name=\"by\" required maxlength=\"200\" "
         "autocomplete=\"name\"></label>" +
         fields + "<label>Comment <input name=\"comment\" maxlength=\"2000\"></label><button>" + button +
         "</button></form>";
}

struct Answers {
  std::string by;
  std::string comment;
  std::chrono::milliseconds duration{std::chrono::hours{1}};
};

Result<Answers> answers_of(const net::Request& request) {
  Answers answers;
  for (auto& [name, value] : net::parse_form(request.body)) {
    if (name == "by") answers.by = value.substr(0, longest_name);
    if (name == "comment") answers.comment = value.substr(0, longest_comment);
    if (name == "duration") {
      const auto duration = parse_duration(value);
      if (!duration || duration->count() == 0 || *duration > longest_silence) {
        return Error{"a duration between 1s and 7d is needed, as 30m or 2h"};
      }
      answers.duration = *duration;
    }
  }
  if (answers.by.empty()) return Error{"a name is needed: others want to know who takes care"};
  return answers;
}

}  // namespace

net::Response show_silence_page(const V2Sources& sources, const net::Request& request) {
  const auto claim = claim_of(sources, request, notify::LinkPurpose::silence);
  if (!claim) return page_of_fault(403, claim.error().message);
  const auto matchers = notify::LabelMatchers::parse(claim->subject);
  if (!matchers) return page_of_fault(400, matchers.error().message);
  const auto views =
      firing_of(sources, [&](const notify::AlertView& view) { return matchers->matches(view.alert.labels); });
  const std::string duration =
      "<label>For <select name=\"duration\"><option>30m</option><option selected>1h</option><option>4h</option>"
      "<option>8h</option><option>1d</option></select></label>";
  return html_page(200, "Silence these alerts?",
                   "<p>Nobody is told of alerts with <code>" + escape_html(matchers->to_string()) +
                       "</code> meanwhile.</p>" + list_of(views) + form_of(duration, "Silence"));
}

net::Response silence_from_page(const V2Sources& sources, const net::Request& request) {
  const auto claim = claim_of(sources, request, notify::LinkPurpose::silence);
  if (!claim) return page_of_fault(403, claim.error().message);
  const auto matchers = notify::LabelMatchers::parse(claim->subject);
  if (!matchers) return page_of_fault(400, matchers.error().message);
  if (sources.silences == nullptr) return page_of_fault(404, "there are no silences here");
  const auto answers = answers_of(request);
  if (!answers) return page_of_fault(400, answers.error().message);
  notify::Silence silence;
  silence.matchers = matchers->source();
  silence.starts_ms = now_ms(sources);
  silence.ends_ms = silence.starts_ms + answers->duration.count();
  silence.created_by = answers->by;
  silence.comment = answers->comment.empty() ? "by a link in a message" : answers->comment;
  const auto id = sources.silences->set(silence);
  if (!id) return page_of_fault(400, id.error().message);
  return html_page(200, "Silenced",
                   "<p>Until " + alert_time(silence.ends_ms) + " nobody is told of alerts with <code>" +
                       escape_html(matchers->to_string()) +
                       "</code>.</p><p>To end it: <code>bellwether silence expire " + escape_html(*id) + "</code></p>");
}

net::Response show_acknowledge_page(const V2Sources& sources, const net::Request& request) {
  const auto claim = claim_of(sources, request, notify::LinkPurpose::acknowledge);
  if (!claim) return page_of_fault(403, claim.error().message);
  const auto views = alerts_of_subject(sources, claim->subject);
  if (views.empty()) return html_page(200, "Nothing to acknowledge", list_of(views));
  return html_page(200, "Acknowledge these alerts?",
                   "<p>Repeats and escalation stop until they end. Everybody is told when they end.</p>" +
                       list_of(views) + form_of("", "Acknowledge"));
}

net::Response acknowledge_from_page(const V2Sources& sources, const net::Request& request) {
  const auto claim = claim_of(sources, request, notify::LinkPurpose::acknowledge);
  if (!claim) return page_of_fault(403, claim.error().message);
  if (!sources.acknowledge) return page_of_fault(404, "no alerts are held here");
  const auto answers = answers_of(request);
  if (!answers) return page_of_fault(400, answers.error().message);
  auto views = alerts_of_subject(sources, claim->subject);
  std::string faults;
  for (notify::AlertView& view : views) {
    notify::Acknowledgement one;
    one.fingerprint = view.fingerprint;
    one.by = answers->by;
    one.comment = answers->comment;
    one.at_ms = now_ms(sources);
    const Result<void> taken = sources.acknowledge(one);
    if (!taken) faults += "<p>" + escape_html(taken.error().message) + "</p>";
    if (taken) view.acknowledgement = std::move(one);
  }
  if (views.empty()) return html_page(200, "Nothing to acknowledge", list_of(views));
  return html_page(faults.empty() ? 200 : 409, faults.empty() ? "Acknowledged" : "Not all were acknowledged",
                   faults + list_of(views));
}

}  // namespace api
BELLWETHER_NAMESPACE_END
