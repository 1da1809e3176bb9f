// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

BELLWETHER_NAMESPACE_BEGIN

/// A metric whose values are read when somebody scrapes: a queue's size, /proc, another library's statistics.
struct CollectedMetric {
  enum class Type : std::uint8_t { gauge, counter };

  std::string name;
  std::string help;
  Type type = Type::gauge;
  std::vector<std::string> label_names = {};
  std::string unit = {};
};

/// What a collector's function fills in. `metric` is an index into the list given at registration. A label value list
/// of the wrong length, or labels that were added before in this scrape, are dropped and counted in
/// `bellwether_collector_errors_total`.
class Collection {
 public:
  virtual void add(std::size_t metric, std::initializer_list<std::string_view> label_values, double value) = 0;
  void add(std::size_t metric, double value) { add(metric, {}, value); }

 protected:
  ~Collection() = default;
};

/// Called once for each scrape, on the thread that scrapes, never twice at a time. It must not register, remove or
/// scrape. What it throws ends its part of this scrape (`bellwether_collector_errors_total`), nothing else.
using CollectorFunction = std::function<void(Collection&)>;

/// Keeps a collector registered (see `Registry::collect`). Its end removes the metrics and waits for a call that is
/// under way, so what the function refers to may go afterwards. May outlive its registry.
class BELLWETHER_API Collector {
 public:
  struct State;

  Collector() noexcept;
  explicit Collector(std::shared_ptr<State> state) noexcept;
  Collector(Collector&&) noexcept;
  Collector& operator=(Collector&&) noexcept;
  ~Collector();

 private:
  std::shared_ptr<State> state_;
};

BELLWETHER_NAMESPACE_END
