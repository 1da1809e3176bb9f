// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <string>

#include "api/point_writer.hpp"
#include "net/http_message.hpp"
#include "promql/engine.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace api {

/// The answer to a query as JSON, a chunk at a time: the largest thing in memory is the result itself, and each series of a
/// matrix is forgotten when it is written.
class ResultBody final : public net::BodySource {
 public:
  /// `statistics`: the parameter `stats` was given.
  ResultBody(promql::QueryResult result, bool statistics);

  bool next(std::string& chunk) override;

 private:
  void begin(std::string& out);
  /// One series, or a part of a long one.
  void write_some(std::string& out);
  /// Some of the series' points; false: there are more.
  bool write_floats(std::string& out, const promql::ResultPoints& points);
  bool write_histograms(std::string& out, const promql::ResultPoints& points);
  void end(std::string& out);

  promql::QueryResult result_;
  bool statistics_;
  bool begun_ = false;
  bool done_ = false;
  std::size_t series_ = 0;
  // In the series:
  std::size_t run_ = 0;
  std::size_t in_run_ = 0;
  std::size_t value_ = 0;
  std::size_t histogram_ = 0;
  bool headed_ = false;  // its labels are written
  PointWriter points_;
};

}  // namespace api
BELLWETHER_NAMESPACE_END
