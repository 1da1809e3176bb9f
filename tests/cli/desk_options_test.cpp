// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/desk_options.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "cli/access_token.hpp"

namespace bellwether::cli {
namespace {

using namespace std::chrono_literals;

/// Sets a variable for the time of a test.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* const old = std::getenv(name)) old_ = old;
    setenv(name, value, 1);
  }
  ~Environment() {
    if (old_.empty()) {
      unsetenv(name_);
    } else {
      setenv(name_, old_.c_str(), 1);
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::string old_;
};

TEST(Speed, IsANumberOrMax) {
  EXPECT_EQ(parse_speed("1").value(), std::optional(1.0));
  EXPECT_EQ(parse_speed("2.5x").value(), std::optional(2.5));
  EXPECT_EQ(parse_speed("max").value(), std::nullopt);
  for (const char* const wrong : {"", "0", "-1", "fast", "1y", "nan", "inf", "1e9", "x"}) {
    EXPECT_FALSE(parse_speed(wrong)) << wrong;
  }
}

TEST(TimeSpan, HasAUnitOrIsInSeconds) {
  EXPECT_EQ(parse_time_span("60s").value(), 60s);
  EXPECT_EQ(parse_time_span("90").value(), 90s);
  EXPECT_EQ(parse_time_span("1500ms").value(), 1500ms);
  EXPECT_EQ(parse_time_span("1h30m").value(), 90min);
  EXPECT_EQ(parse_time_span("0.5").value(), 500ms);
  for (const char* const wrong : {"", "0s", "-5s", "s", "5 s", "0.5h", "1e30s", "nan"}) {
    EXPECT_FALSE(parse_time_span(wrong)) << wrong;
  }
  EXPECT_NE(parse_time_span("soon").error().message.find("'soon'"), std::string::npos);
}

TEST(Symbol, BecomesUpperCaseAndHoldsNothingOdd) {
  EXPECT_EQ(parse_symbol("btcusdt").value(), "BTCUSDT");
  EXPECT_EQ(parse_symbol("BTC/USD").value(), "BTC/USD");
  for (const char* const wrong : {"", "BTC USDT", "<b>", "a\"b", "BTC\n"}) EXPECT_FALSE(parse_symbol(wrong)) << wrong;
  EXPECT_FALSE(parse_symbol(std::string(33, 'A')));
}

TEST(Data, IsWhereItWasNamed) {
  using paper::Profile;
  const std::string here = std::filesystem::temp_directory_path().string();
  EXPECT_EQ(choose_data(std::nullopt, here)->directory, here);
  EXPECT_EQ(choose_data(std::nullopt, here)->profile, Profile::ticks);
  EXPECT_EQ(choose_data(Profile::daily_crypto, here)->profile, Profile::daily_crypto);
  EXPECT_FALSE(choose_data(std::nullopt, "/nowhere/at/all"));
  {
    const Environment named{"BELLWETHER_DATA", here.c_str()};
    EXPECT_EQ(choose_data(std::nullopt, "")->directory, here);
    EXPECT_EQ(choose_data(Profile::generated, "")->directory, "") << "the generator was asked for";
  }
  const Environment named{"BELLWETHER_DATA", "/nowhere/at/all"};
  EXPECT_FALSE(choose_data(std::nullopt, "")) << "a name that is wrong is not passed over";
  EXPECT_FALSE(choose_data(Profile::generated, here)) << "the generator has no use for it";
}

TEST(Token, IsRandomOrTheOneThatWasSet) {
  const Environment none{"BELLWETHER_TOKEN", ""};
  const std::string one = access_token().value();
  EXPECT_EQ(one.size(), 32U);
  EXPECT_NE(one, access_token().value());
  {
    const Environment set{"BELLWETHER_TOKEN", "0123456789abcdef"};
    EXPECT_EQ(access_token().value(), "0123456789abcdef");
  }
  const Environment weak{"BELLWETHER_TOKEN", "short"};
  EXPECT_FALSE(access_token());
}

}  // namespace
}  // namespace bellwether::cli
