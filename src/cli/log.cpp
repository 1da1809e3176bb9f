// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <mutex>
#include <string_view>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {

namespace {

class ScreenSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit ScreenSink(Screen& screen) : screen_(screen) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t text;
    formatter_->format(message, text);
    std::string_view line{text.data(), text.size()};
    if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
    screen_.say(line);
  }
  void flush_() override {}

  Screen& screen_;
};

}  // namespace

std::shared_ptr<spdlog::logger> make_log(Screen* screen) {
  spdlog::sink_ptr sink;
  if (screen != nullptr) {
    sink = std::make_shared<ScreenSink>(*screen);
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  }
  auto log = std::make_shared<spdlog::logger>("bellwether", std::move(sink));
  log->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
  log->flush_on(spdlog::level::info);
  return log;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
