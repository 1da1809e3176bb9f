// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/prometheus/discovery_config.hpp"
#include "exposition/exposition_reader.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace scrape {

/// What a target says of a family: HELP, TYPE and UNIT.
struct FamilyMetadata {
  std::string family;
  exposition::FamilyType type = exposition::FamilyType::unknown;
  std::string help = {};
  std::string unit = {};

  friend bool operator==(const FamilyMetadata&, const FamilyMetadata&) = default;
};
using FamilyMetadataPtr = std::shared_ptr<const FamilyMetadata>;

/// The metadata of all targets. Equal ones are kept once, however many targets say the same.
///
///     store.visit([&](const config::Labels& target, const FamilyMetadata& family) { ... });
///     FamilyMetadataPtr orders = store.find("orders_total");       // of any target; null: nobody says anything
///
/// Threads: any. A steady target takes no lock while it is scraped.
class MetadataStore {
 public:
  /// One target's; made and written by its ingestion, gone with it.
  class Target {
   public:
    Target(MetadataStore& store, config::Labels labels) : store_(&store), labels_(std::move(labels)) {}
    ~Target();
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;

    // Of one scrape, in this order. One thread at a time.
    void begin() noexcept;
    void set_help(std::string_view family, std::string_view help);
    void set_type(std::string_view family, exposition::FamilyType type);
    void set_unit(std::string_view family, std::string_view unit);
    /// A whole scrape is read: families that are long gone are forgotten.
    void end();

    const config::Labels& labels() const noexcept { return labels_; }
    /// In the order in which the target showed them first.
    std::vector<FamilyMetadataPtr> families() const;
    FamilyMetadataPtr find(std::string_view family) const;

   private:
    struct Slot {
      FamilyMetadataPtr value;
      std::uint32_t seen = 0;
    };
    const FamilyMetadata* at(std::string_view family);
    void change(FamilyMetadata value);

    MetadataStore* store_;
    config::Labels labels_;
    std::uint32_t scrape_ = 0;
    std::size_t cursor_ = 0;
    std::size_t seen_ = 0;
    mutable std::mutex mutex_;  // for writing and for reading by others; the writer reads without
    std::vector<Slot> slots_;
    std::unordered_map<std::string_view, std::size_t> index_;
  };

  /// Alive as long as the caller holds it.
  std::shared_ptr<Target> add_target(config::Labels labels);

  /// Every family of every target; `visitor` must be short and must not call the store.
  void visit(const std::function<void(const config::Labels&, const FamilyMetadata&)>& visitor) const;
  FamilyMetadataPtr find(std::string_view family) const;
  std::vector<std::shared_ptr<Target>> targets() const;

 private:
  FamilyMetadataPtr intern(FamilyMetadata value);

  mutable std::mutex mutex_;
  mutable std::vector<std::weak_ptr<Target>> targets_;
  std::unordered_multimap<std::size_t, std::weak_ptr<const FamilyMetadata>> interned_;
  std::size_t sweep_at_ = 1024;
};

}  // namespace scrape
BELLWETHER_NAMESPACE_END
