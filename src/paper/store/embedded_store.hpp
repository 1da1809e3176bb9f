// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "paper/store/state_store.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

class SqliteDatabase;

struct EmbeddedStoreOptions {
  /// SQLite file that keeps the state over a restart and a kill -9. Empty: the state goes with the process.
  std::string path = {};
};

/// The state store in the process. Values are read from memory; with a file, a change is in the file before it is in memory, each
/// `apply` in one transaction. A power failure may take the last moments' changes with it, never the file.
///
/// Blocking: reads not at all; changes for the disk. The file is opened by the first call; if it cannot be, calls are errors.
class EmbeddedStore final : public StateStore {
 public:
  explicit EmbeddedStore(EmbeddedStoreOptions options = {}, StoreContext context = {});
  ~EmbeddedStore() override;

  std::string describe() const override;

 private:
  Result<std::optional<std::string>> do_get(std::string_view key, StoreFault& fault) override;
  Result<std::vector<std::string>> do_keys(std::string_view prefix, StoreFault& fault) override;
  Result<void> do_apply(std::span<const StateChange> changes, StoreFault& fault) override;
  Result<void> do_ping(StoreFault& fault) override;
  Result<void> open();
  Result<void> write(std::span<const StateChange> changes);

  EmbeddedStoreOptions options_;
  std::unique_ptr<SqliteDatabase> database_;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace paper
BELLWETHER_NAMESPACE_END
