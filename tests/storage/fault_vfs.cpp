// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/fault_vfs.hpp"

#include <sqlite3.h>

#include <map>
#include <mutex>

namespace bellwether::storage_tests {
namespace {

// Each open file keeps the system's structure; only its table of functions is a copy with ours in two places.
struct Table {
  const sqlite3_io_methods* system = nullptr;
  sqlite3_io_methods ours{};
};

std::mutex mutex;
std::map<const sqlite3_io_methods*, Table>& tables() {
  static std::map<const sqlite3_io_methods*, Table> all;
  return all;
}

const sqlite3_io_methods* system_of(const sqlite3_file* file) {
  // `ours` is the second member of Table, so the system's table is found from it.
  const std::lock_guard lock(mutex);
  for (const auto& [system, table] : tables()) {
    if (&table.ours == file->pMethods) return system;
  }
  return nullptr;
}

int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  DiskFaults& faults = DiskFaults::instance();
  if (faults.corrupt.exchange(false)) return SQLITE_CORRUPT;
  if (faults.full) return SQLITE_FULL;
  if (faults.write_fails) return SQLITE_IOERR_WRITE;
  return system_of(file)->xWrite(file, data, size, offset);
}

int sync(sqlite3_file* file, int flags) {
  if (DiskFaults::instance().sync_fails) return SQLITE_IOERR_FSYNC;
  return system_of(file)->xSync(file, flags);
}

sqlite3_vfs* system_vfs() {
  static sqlite3_vfs* const vfs = sqlite3_vfs_find("unix");
  return vfs;
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int code = system_vfs()->xOpen(system_vfs(), name, file, flags, out_flags);
  if (code != SQLITE_OK || file->pMethods == nullptr) return code;
  const std::lock_guard lock(mutex);
  Table& table = tables()[file->pMethods];
  if (table.system == nullptr) {
    table.system = file->pMethods;
    table.ours = *file->pMethods;
    table.ours.xWrite = write;
    table.ours.xSync = sync;
  }
  file->pMethods = &table.ours;
  return code;
}

}  // namespace

DiskFaults& DiskFaults::instance() {
  static DiskFaults faults;
  static const bool registered = [] {
    static sqlite3_vfs vfs = *system_vfs();
    vfs.zName = "bellwether-faults";
    vfs.xOpen = open;
    vfs.pNext = nullptr;
    return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
  }();
  (void)registered;
  return faults;
}

}  // namespace bellwether::storage_tests
