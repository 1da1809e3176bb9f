// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace bellwether::storage_tests {

/// A SQLite VFS named "bellwether-faults" that hands everything to the system's, until told to fail.
struct DiskFaults {
  std::atomic<bool> full{false};         ///< writes: SQLITE_FULL
  std::atomic<bool> sync_fails{false};   ///< fsync: SQLITE_IOERR_FSYNC
  std::atomic<bool> write_fails{false};  ///< writes: SQLITE_IOERR_WRITE

  std::atomic<bool> corrupt{false};  ///< the next write: SQLITE_CORRUPT, once

  /// Registers the VFS at the first call.
  static DiskFaults& instance();
};

}  // namespace bellwether::storage_tests
