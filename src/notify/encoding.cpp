// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "notify/encoding.hpp"

#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace notify {
namespace {

using storage::ByteReader;
using storage::Bytes;
using storage::ByteWriter;

constexpr std::uint64_t version = 1;

void put(ByteWriter& out, const rules::AlertLabels& labels) {
  out.varint(labels.size());
  for (const auto& [name, value] : labels) {
    out.text(name);
    out.text(value);
  }
}

rules::AlertLabels get_labels(ByteReader& in) {
  rules::AlertLabels labels;
  for (std::uint64_t left = in.varint(); left > 0 && in.good(); --left) {
    std::string name(in.text());
    labels.insert_or_assign(std::move(name), std::string(in.text()));
  }
  return labels;
}

void put(ByteWriter& out, const rules::Alert& alert) {
  put(out, alert.labels);
  put(out, alert.annotations);
  out.signed_varint(alert.starts_ms);
  out.signed_varint(alert.ends_ms);
  out.signed_varint(alert.updated_ms);
  out.text(alert.generator_url);
}

rules::Alert get_alert(ByteReader& in) {
  rules::Alert alert;
  alert.labels = get_labels(in);
  alert.annotations = get_labels(in);
  alert.starts_ms = in.signed_varint();
  alert.ends_ms = in.signed_varint();
  alert.updated_ms = in.signed_varint();
  alert.generator_url = in.text();
  return alert;
}

template <typename Fill>
std::string written(const Fill& fill) {
  Bytes bytes;
  ByteWriter out(bytes);
  out.varint(version);
  fill(out);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <typename Value, typename Take>
std::optional<Value> read(std::string_view bytes, const Take& take) {
  ByteReader in({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  if (in.varint() != version) return std::nullopt;
  Value value;
  take(in, value);
  if (!in.good()) return std::nullopt;
  return value;
}

}  // namespace

std::string encode(const KeptAlert& kept) {
  return written([&kept](ByteWriter& out) {
    out.signed_varint(kept.id);
    put(out, kept.alert);
    out.u8(kept.acknowledgement ? 1 : 0);
    if (!kept.acknowledgement) return;
    out.text(kept.acknowledgement->by);
    out.text(kept.acknowledgement->comment);
    out.signed_varint(kept.acknowledgement->at_ms);
    out.signed_varint(kept.acknowledgement->until_ms);
  });
}

std::optional<KeptAlert> decode_alert(std::string_view bytes) {
  return read<KeptAlert>(bytes, [](ByteReader& in, KeptAlert& kept) {
    kept.id = in.signed_varint();
    kept.alert = get_alert(in);
    kept.fingerprint = rules::fingerprint_text(kept.alert.labels);
    if (in.u8() == 0) return;
    Acknowledgement& acknowledgement = kept.acknowledgement.emplace();
    acknowledgement.fingerprint = kept.fingerprint;
    acknowledgement.by = in.text();
    acknowledgement.comment = in.text();
    acknowledgement.at_ms = in.signed_varint();
    acknowledgement.until_ms = in.signed_varint();
  });
}

std::string encode(const Group& group) {
  return written([&group](ByteWriter& out) {
    out.signed_varint(group.id);
    out.text(group.route);
    out.text(group.identity);
    out.text(group.key);
    out.text(group.receiver);
    put(out, group.labels);
    for (const std::int64_t number : {group.wait_ms, group.interval_ms, group.repeat_ms, group.due_ms, group.told_ms}) {
      out.signed_varint(number);
    }
    out.u8((group.looked ? 1U : 0U) | (group.orphan ? 2U : 0U) | (group.fallback ? 4U : 0U));
  });
}

std::optional<Group> decode_group(std::string_view bytes) {
  return read<Group>(bytes, [](ByteReader& in, Group& group) {
    group.id = in.signed_varint();
    group.route = in.text();
    group.identity = in.text();
    group.key = in.text();
    group.receiver = in.text();
    group.labels = get_labels(in);
    for (std::int64_t* number : {&group.wait_ms, &group.interval_ms, &group.repeat_ms, &group.due_ms, &group.told_ms}) {
      *number = in.signed_varint();
    }
    const unsigned flags = in.u8();
    group.looked = (flags & 1U) != 0;
    group.orphan = (flags & 2U) != 0;
    group.fallback = (flags & 4U) != 0;
  });
}

std::string encode(const Member& member) {
  return written([&member](ByteWriter& out) {
    out.u8((member.told ? 1U : 0U) | (member.untold ? 2U : 0U));
    out.varint(member.flaps);
    out.signed_varint(member.told_ms);
    out.varint(member.steps);
    out.signed_varint(member.step_ms);
  });
}

std::optional<Member> decode_member(std::string_view bytes) {
  return read<Member>(bytes, [](ByteReader& in, Member& member) {
    const unsigned flags = in.u8();
    member.told = (flags & 1U) != 0;
    member.untold = (flags & 2U) != 0;
    member.flaps = static_cast<std::uint32_t>(in.varint());
    member.told_ms = in.signed_varint();
    member.steps = static_cast<std::uint32_t>(in.varint());
    member.step_ms = in.signed_varint();
  });
}

std::string encode(const Notification& notification) {
  return written([&notification](ByteWriter& out) {
    out.text(notification.receiver);
    out.text(notification.group_key);
    put(out, notification.group_labels);
    out.varint(notification.alerts.size());
    for (const rules::Alert& alert : notification.alerts) put(out, alert);
    out.varint(notification.truncated_alerts);
    out.text(notification.external_url);
    out.signed_varint(notification.now_ms);
    out.u8(static_cast<unsigned>(notification.reason));
  });
}

std::optional<Notification> decode_notification(std::string_view bytes) {
  auto out = read<Notification>(bytes, [](ByteReader& in, Notification& notification) {
    notification.receiver = in.text();
    notification.group_key = in.text();
    notification.group_labels = get_labels(in);
    for (std::uint64_t left = in.varint(); left > 0 && in.good(); --left) {
      notification.alerts.push_back(get_alert(in));
    }
    notification.truncated_alerts = in.varint();
    notification.external_url = in.text();
    notification.now_ms = in.signed_varint();
    notification.reason =
        static_cast<NotificationReason>(std::min<unsigned>(in.u8(), static_cast<unsigned>(NotificationReason::digest)));
  });
  if (out) fill_common(*out);
  return out;
}

std::string encode(const std::vector<std::string>& texts) {
  return written([&texts](ByteWriter& out) {
    out.varint(texts.size());
    for (const std::string& text : texts) out.text(text);
  });
}

std::optional<std::vector<std::string>> decode_texts(std::string_view bytes) {
  return read<std::vector<std::string>>(bytes, [](ByteReader& in, std::vector<std::string>& texts) {
    for (std::uint64_t left = in.varint(); left > 0 && in.good(); --left) texts.emplace_back(in.text());
  });
}

}  // namespace notify
BELLWETHER_NAMESPACE_END
