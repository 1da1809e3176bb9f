// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "template/format.hpp"

#include <algorithm>

#include "template/arguments.hpp"
#include "template/lexer.hpp"
#include "template/literal.hpp"
#include "template/value_printer.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace templates {
namespace {

/// One run over a format.
class Formatter {
 public:
  Formatter(std::string_view format, Arguments arguments) : format_(format), arguments_(arguments) {}

  Result<std::string> run() {
    while (at_ < format_.size()) {
      const std::size_t percent = std::min(format_.find('%', at_), format_.size());
      printer_.out += format_.substr(at_, percent - at_);
      at_ = percent;
      if (at_ < format_.size()) directive();
      if (printer_.full()) return too_long();
    }
    if (!reordered_ && next_ < arguments_.size()) extra();
    if (printer_.full()) return too_long();
    return std::move(printer_.out);
  }

 private:
  void directive() {
    ++at_;
    spec_ = {};
    bad_index_ = false;
    after_index_ = false;
    flags();
    index();
    width();
    precision();
    if (!after_index_) index();
    if (at_ >= format_.size()) {
      printer_.out += "%!(NOVERB)";
      return;
    }
    const DecodedCharacter verb = decode_utf8(format_.substr(at_));
    const std::string_view spelled = format_.substr(at_, verb.length);
    at_ += verb.length;
    if (verb.character == '%') {
      printer_.out += '%';
    } else if (bad_index_) {
      printer_.out += "%!" + std::string(spelled) + "(BADINDEX)";
    } else if (next_ >= arguments_.size()) {
      printer_.out += "%!" + std::string(spelled) + "(MISSING)";
    } else {
      printer_.print(arguments_[next_++], verb.character, spec_);
    }
  }

  void flags() {
    for (; at_ < format_.size(); ++at_) {
      const char c = format_[at_];
      if (c == '-') {
        spec_.minus = true;
      } else if (c == '+') {
        spec_.plus = true;
      } else if (c == '#') {
        spec_.sharp = true;
      } else if (c == ' ') {
        spec_.space = true;
      } else if (c == '0') {
        spec_.zero = true;
      } else {
        return;
      }
    }
  }

  /// `[2]`: which argument is next.
  void index() {
    if (at_ >= format_.size() || format_[at_] != '[') return;
    reordered_ = true;
    const std::size_t end = format_.find(']', at_);
    if (end == std::string_view::npos) {
      bad_index_ = true;
      ++at_;
      return;
    }
    std::size_t place = at_ + 1;
    const int number = read_count(place);
    bad_index_ = bad_index_ || place != end || number < 1 || static_cast<std::size_t>(number) > arguments_.size();
    at_ = end + 1;
    if (!bad_index_) next_ = static_cast<std::size_t>(number) - 1;
    after_index_ = true;
  }

  void width() {
    if (at_ < format_.size() && format_[at_] == '*') {
      ++at_;
      spec_.width = count_argument("%!(BADWIDTH)");
      if (spec_.width < 0 && spec_.width != none) {
        spec_.minus = true;
        spec_.width = -spec_.width;
      }
      if (spec_.width == none) spec_.width = -1;
      after_index_ = false;
    } else {
      spec_.width = read_count(at_);
    }
  }

  void precision() {
    if (at_ >= format_.size() || format_[at_] != '.') return;
    ++at_;
    index();
    if (at_ < format_.size() && format_[at_] == '*') {
      ++at_;
      spec_.precision = std::max(count_argument("%!(BADPREC)"), -1);
      after_index_ = false;
    } else {
      spec_.precision = std::max(read_count(at_), 0);
    }
  }

  int count_argument(std::string_view complaint) {
    constexpr std::int64_t most = 1'000'000;
    if (next_ < arguments_.size()) {
      const Value& value = arguments_[next_++];
      if (value.kind() == Kind::integer && value.integer() <= most && value.integer() >= -most) {
        return static_cast<int>(value.integer());
      }
    }
    printer_.out += complaint;
    return none;
  }

  /// -1 where there is none.
  int read_count(std::size_t& place) const {
    constexpr int most = 1'000'000;
    int number = -1;
    for (; place < format_.size() && is_digit(format_[place]); ++place) {
      number = std::max(number, 0) * 10 + (format_[place] - '0');
      if (number > most) return -1;
    }
    return number;
  }

  void extra() {
    printer_.out += "%!(EXTRA ";
    for (std::size_t i = next_; i < arguments_.size() && !printer_.full(); ++i) {
      if (i > next_) printer_.out += ", ";
      if (arguments_[i].is_nil()) {
        printer_.out += "<nil>";
        continue;
      }
      printer_.out += std::string(arguments_[i].type_name()) + "=";
      printer_.print(arguments_[i], 'v', {});
    }
    printer_.out += ')';
  }

  static constexpr int none = INT32_MIN;

  std::string_view format_;
  Arguments arguments_;
  ValuePrinter printer_;
  PrintSpec spec_;
  std::size_t at_ = 0;
  std::size_t next_ = 0;
  bool reordered_ = false;
  bool bad_index_ = false;
  bool after_index_ = false;
};

}  // namespace

std::string to_text(const Value& value) {
  if (value.is_text()) return value.text();
  ValuePrinter printer;
  printer.print(value, 'v', {});
  return std::move(printer.out);
}

Result<std::string> format_text(std::string_view format, Arguments arguments) {
  return Formatter(format, arguments).run();
}

Result<std::string> join_texts(Arguments arguments) {
  ValuePrinter printer;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto plain_text = [](const Value& value) { return value.is_text(); };
    if (i > 0 && !plain_text(arguments[i]) && !plain_text(arguments[i - 1])) printer.out += ' ';
    printer.print(arguments[i], 'v', {});
    if (printer.full()) return too_long();
  }
  return std::move(printer.out);
}

}  // namespace templates
BELLWETHER_NAMESPACE_END
