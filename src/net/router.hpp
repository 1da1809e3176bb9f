// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/result.hpp>
#include <bellwether/version.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "net/route.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace net {

/// Finds the handler of a request among the routes; route.hpp says how.
///
/// Threads: reading from any number of threads is safe once built.
class BELLWETHER_API Router {
 public:
  struct Match {
    const Handler* handler = nullptr;  ///< null: none
    const Route* route = nullptr;      ///< without a handler: the first that has the path; null: no such path
    std::vector<Field> parameters;
    std::string allow;  ///< without a handler: the methods that the path has, "GET, HEAD, POST"; empty: no such path
  };

  /// Errors: a method or path that is written wrong, a missing handler, a route that stands twice.
  static Result<Router> build(std::vector<Route> routes);

  /// `segments` are those of the path, decoded.
  Match find(std::string_view method, const std::vector<std::string>& segments) const;

  bool has_blocking() const noexcept;

 private:
  // In the order of precedence.
  enum class Kind { Fixed, Parameter, Rest };
  struct Segment {
    Kind kind;
    std::string text;  // of a parameter or rest: its name
  };
  struct Entry {
    Route route;
    std::vector<Segment> segments;
  };

  static Result<std::vector<Segment>> parse(const Route& route);
  static bool matches(const Entry& entry, const std::vector<std::string>& segments);
  static bool same_shape(const Entry& a, const Entry& b);
  static std::vector<Field> parameters(const Entry& entry, const std::vector<std::string>& segments);

  std::vector<Entry> entries_;  // a more exact one stands before a less exact one
};

}  // namespace net
BELLWETHER_NAMESPACE_END
