// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <bellwether/result.hpp>
#include <memory>

namespace bellwether {
namespace {

TEST(Result, HoldsAValueOrTheReasonThereIsNone) {
  const Result<int> good = 7;
  const Result<int> bad = Error{"no such thing"};
  EXPECT_TRUE(good);
  EXPECT_EQ(*good, 7);
  EXPECT_FALSE(bad);
  EXPECT_EQ(bad.error().message, "no such thing");
}

TEST(Result, ValueOfAnErrorThrowsItsText) {
  const Result<int> bad = Error{"no such thing"};
  try {
    (void)bad.value();
    FAIL() << "value() of an error must throw";
  } catch (const Exception& exception) {
    EXPECT_STREQ(exception.what(), "no such thing");
  }
  const Result<void> nothing = Error{"disk full"};
  EXPECT_THROW(nothing.value(), Exception);
  EXPECT_NO_THROW(Result<void>{}.value());
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> owner = std::make_unique<int>(3);
  const std::unique_ptr<int> taken = std::move(owner).value();
  EXPECT_EQ(*taken, 3);
}

}  // namespace
}  // namespace bellwether
