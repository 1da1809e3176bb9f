// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bellwether/alerts.hpp>
#include <charconv>
#include <cstring>
#include <initializer_list>

BELLWETHER_NAMESPACE_BEGIN
namespace {

/// Appends to a text of fixed size that ends with a zero; what does not fit is left out, whole characters only.
class Writer {
 public:
  Writer(char* text, std::size_t size) noexcept : text_(text), left_(size - 1) { *text_ = '\0'; }

  Writer& operator<<(std::string_view more) noexcept {
    std::size_t length = std::min(more.size(), left_);
    if (length < more.size()) {
      while (length > 0 && (static_cast<unsigned char>(more[length]) & 0xC0U) == 0x80U) --length;
      left_ = length;  // nothing after it
    }
    if (length > 0) std::memcpy(text_, more.data(), length);
    text_ += length;
    left_ -= length;
    *text_ = '\0';
    return *this;
  }
  Writer& operator<<(double value) noexcept {
    char digits[32];
    const auto [end, failed] = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general, 6);
    return *this << (failed == std::errc{} ? std::string_view(digits, static_cast<std::size_t>(end - digits)) : "?");
  }
  Writer& operator<<(std::uint64_t value) noexcept {
    char digits[24];
    const auto [end, failed] = std::to_chars(digits, digits + sizeof digits, value);
    return *this << (failed == std::errc{} ? std::string_view(digits, static_cast<std::size_t>(end - digits)) : "?");
  }

 private:
  char* text_;
  std::size_t left_;
};

template <std::size_t size>
Writer write(char (&text)[size]) noexcept {
  return {text, size};
}

}  // namespace

AlertTemplate::AlertTemplate(AlertSeverity severity, std::string_view name, std::string_view component) noexcept
    : severity_(severity) {
  write(name_) << name;
  write(component_) << component;
  title_[0] = message_[0] = value_[0] = runbook_url_[0] = '\0';
}

AlertMessage AlertTemplate::message() const& noexcept {
  return {.severity = severity_,
          .title = title_,
          .message = message_,
          .component = component_,
          .runbook_url = runbook_url_,
          .name = name_,
          .value = value_};
}

AlertTemplate& AlertTemplate::with_runbook_url(std::string_view url) noexcept {
  write(runbook_url_) << url;
  return *this;
}

AlertTemplate AlertTemplate::kill_switch_activated(std::string_view type, double value, double threshold) noexcept {
  AlertTemplate made(AlertSeverity::critical, "KillSwitchActivated", "risk");
  write(made.title_) << "Kill switch " << type << " activated";
  write(made.message_) << "The " << type << " kill switch stopped trading: " << value << " has passed the threshold of "
                       << threshold << ". No order leaves until a person resets it.";
  write(made.value_) << value;
  return made;
}

AlertTemplate AlertTemplate::ibkr_connection_lost(std::string_view reason, std::uint64_t attempts) noexcept {
  AlertTemplate made(AlertSeverity::critical, "IbkrConnectionLost", "broker");
  write(made.title_) << "Connection to Interactive Brokers lost";
  write(made.message_) << "After " << attempts << " attempts there is no session: " << reason
                       << ". Orders can be neither placed nor cancelled from here; positions stay open.";
  write(made.value_) << attempts;
  return made;
}

AlertTemplate AlertTemplate::high_latency(std::string_view operation, double milliseconds, double threshold) noexcept {
  AlertTemplate made(AlertSeverity::high, "HighLatency", operation);
  write(made.title_) << "Latency of " << operation << " is high";
  write(made.message_) << operation << " takes " << milliseconds << " ms; the threshold is " << threshold << " ms.";
  write(made.value_) << milliseconds;
  return made;
}

AlertTemplate AlertTemplate::data_quality_issue(std::string_view issue, std::string_view symbol,
                                                double value) noexcept {
  AlertTemplate made(AlertSeverity::medium, "DataQualityIssue", symbol);
  write(made.title_) << "Data quality of " << symbol << ": " << issue;
  write(made.message_) << issue << " for " << symbol << ": " << value << ". Signals from this data may be wrong.";
  write(made.value_) << value;
  return made;
}

AlertTemplate AlertTemplate::optimization_failure(std::string_view optimizer, std::string_view reason) noexcept {
  AlertTemplate made(AlertSeverity::high, "OptimizationFailure", optimizer);
  write(made.title_) << "Optimization by " << optimizer << " failed";
  write(made.message_) << optimizer << " found no portfolio: " << reason << ". The last weights stay.";
  return made;
}

BELLWETHER_NAMESPACE_END
