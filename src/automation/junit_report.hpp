// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <string>
#include <string_view>

#include "automation/test_counts.hpp"
#include "automation/xml_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace automation {

/// Counts the test cases of a JUnit report as ctest (`--output-junit`), GoogleTest (`--gtest_output=xml`), pytest and
/// most others write it: `<testsuites>` or `<testsuite>` around `<testcase>`s, each with at most an `<error>`,
/// `<failure>` or `<skipped>` in it (the worst counts). What the suites claim as their totals is not believed.
///
///     auto counts = read_junit(text, "results.xml");
///     if (!counts) log(counts.error().message);   // results.xml:12: not well-formed (invalid token)
///
/// Errors: no XML, another root element, beyond the limits.
Result<TestCounts> read_junit(std::string_view text, const std::string& file, const XmlLimits& limits = {});

}  // namespace automation
BELLWETHER_NAMESPACE_END
