// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include <bellwether/registry.hpp>

#include "metrics/registry_state.hpp"

BELLWETHER_NAMESPACE_BEGIN

Registry::Registry(RegistryOptions options) : state_(std::make_shared<detail::RegistryState>(options)) {}
Registry::~Registry() = default;

Result<detail::FamilyState*> Registry::register_family(const detail::Registration& registration,
                                                       const FamilyOptions& options) {
  return state_->add(registration, options);
}

Result<void> Registry::info(std::string_view name, std::string_view help,
                            std::initializer_list<std::pair<std::string_view, std::string_view>> facts) {
  std::vector<std::string_view> names;
  std::vector<std::string_view> values;
  for (const auto& [fact, value] : facts) {
    names.push_back(fact);
    values.push_back(value);
  }
  auto family = state_->add({.kind = detail::Kind::info, .name = name, .help = help, .label_names = names}, {});
  if (!family) return family.error();
  const std::size_t known = (*family)->series_count();
  (*family)->find_or_add(values.data());
  if (known == 0 || (*family)->series_count() == known) return {};
  (*family)->remove(values.data());
  return Error{"info \"" + std::string(name) + "\" is registered already with other values: facts do not change"};
}

Result<Collector> Registry::collect(std::vector<CollectedMetric> metrics, CollectorFunction function) {
  if (!function) return Error{"a collector needs a function"};
  auto state = state_->add(std::move(metrics), std::move(function), state_);
  if (!state) return state.error();
  return Collector(*std::move(state));
}

Result<Collector> Registry::gauge_callback(std::string name, std::string help, std::function<double()> read) {
  if (!read) return Error{"gauge \"" + name + "\" needs a function that reads it"};
  return collect({{std::move(name), std::move(help), CollectedMetric::Type::gauge}},
                 [read = std::move(read)](Collection& collection) { collection.add(0, read()); });
}

Result<Collector> Registry::counter_callback(std::string name, std::string help, std::function<double()> read) {
  if (!read) return Error{"counter \"" + name + "\" needs a function that reads it"};
  return collect({{std::move(name), std::move(help), CollectedMetric::Type::counter}},
                 [read = std::move(read)](Collection& collection) { collection.add(0, read()); });
}

Collector::Collector() noexcept = default;
Collector::Collector(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}
Collector::Collector(Collector&&) noexcept = default;

Collector& Collector::operator=(Collector&& other) noexcept {
  Collector replaced(std::exchange(state_, std::move(other.state_)));
  return *this;
}

Collector::~Collector() {
  if (state_ == nullptr) return;
  if (const auto registry = state_->registry.lock()) registry->remove(*state_);
  const std::scoped_lock running(state_->running);  // a call under way ends first
  state_->removed = true;
  state_->function = {};  // what it holds goes now, not with the last scrape that knows of it
}

BELLWETHER_NAMESPACE_END
