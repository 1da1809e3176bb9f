// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/receivers/default_templates.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {

std::string_view default_templates() noexcept {
  return R"T({{ define "__alertmanager" }}Bellwether{{ end }}
{{ define "__alertmanagerURL" }}{{ .ExternalURL }}/alerts{{ end }}

{{ define "__subject" }}[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}] {{ with .GroupLabels.alertname }}{{ . }}{{ else }}{{ .GroupLabels.SortedPairs.Values | join " " }}{{ end }}{{ with .CommonLabels.severity }} · {{ . }}{{ end }}{{ end }}
{{ define "__description" }}{{ end }}

{{ define "__text_alert" }}{{ if .Annotations.summary }}{{ .Annotations.summary }}{{ else }}{{ .Labels.alertname }}{{ end }}
{{ with .Annotations.description }}{{ . }}
{{ end }}{{ .Labels.SortedPairs }}
{{ with .Annotations.runbook_url }}runbook: {{ . }}
{{ end }}{{ with .GeneratorURL }}graph: {{ . }}
{{ end }}{{ end }}
{{ define "__text_alert_list" }}{{ range . }}{{ template "__text_alert" . }}
{{ end }}{{ end }}
{{ define "__text_alerts" }}{{ with .Alerts.Firing }}Firing:
{{ template "__text_alert_list" . }}{{ end }}{{ with .Alerts.Resolved }}Resolved:
{{ template "__text_alert_list" . }}{{ end }}{{ if .TruncatedAlerts }}and {{ .TruncatedAlerts }} more
{{ end }}{{ end }}

{{ define "slack.default.title" }}{{ template "__subject" . }}{{ end }}
{{ define "slack.default.username" }}{{ template "__alertmanager" . }}{{ end }}
{{ define "slack.default.fallback" }}{{ template "__subject" . }}{{ end }}
{{ define "slack.default.callbackid" }}{{ end }}
{{ define "slack.default.pretext" }}{{ end }}
{{ define "slack.default.titlelink" }}{{ template "__alertmanagerURL" . }}{{ end }}
{{ define "slack.default.iconemoji" }}{{ end }}
{{ define "slack.default.iconurl" }}{{ end }}
{{ define "slack.default.text" }}{{ template "__text_alerts" . }}{{ end }}
{{ define "slack.default.footer" }}{{ end }}

{{ define "pagerduty.default.description" }}{{ template "__subject" . }}{{ end }}
{{ define "pagerduty.default.client" }}{{ template "__alertmanager" . }}{{ end }}
{{ define "pagerduty.default.clientURL" }}{{ template "__alertmanagerURL" . }}{{ end }}
{{ define "pagerduty.default.instances" }}{{ template "__text_alert_list" . }}{{ end }}

{{ define "email.default.subject" }}{{ template "__subject" . }}{{ end }}
{{ define "email.default.text" }}{{ template "__subject" . }}

{{ template "__text_alerts" . }}
{{ template "__alertmanagerURL" . }}
{{ end }}
{{ define "__html_alert" }}<p><b>{{ if .Annotations.summary }}{{ .Annotations.summary }}{{ else }}{{ .Labels.alertname }}{{ end }}</b><br>
{{ with .Annotations.description }}{{ . }}<br>
{{ end }}{{ range .Labels.SortedPairs }}{{ .Name }} = {{ .Value }}<br>
{{ end }}since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 MST" }}{{ with .Annotations.runbook_url }} · <a href="{{ . }}">runbook</a>{{ end }}{{ with .GeneratorURL }} · <a href="{{ . }}">graph</a>{{ end }}</p>
{{ end }}
{{ define "email.default.html" }}<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{{ template "__subject" . }}</title></head>
<body style="font-family: sans-serif; font-size: 14px">
<h2>{{ template "__subject" . }}</h2>
{{ with .Alerts.Firing }}<h3>Firing</h3>
{{ range . }}{{ template "__html_alert" . }}{{ end }}{{ end }}{{ with .Alerts.Resolved }}<h3>Resolved</h3>
{{ range . }}{{ template "__html_alert" . }}{{ end }}{{ end }}{{ if .TruncatedAlerts }}<p>and {{ .TruncatedAlerts }} more</p>
{{ end }}<p><a href="{{ template "__alertmanagerURL" . }}">all alerts</a></p>
</body></html>
{{ end }}

{{ define "telegram.default.message" }}{{ template "__subject" . }}

{{ template "__text_alerts" . }}{{ end }}
)T";
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
