// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "cli/process_memory.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace cli {
namespace {

/// Of /proc/self/smaps, as far as read.
struct Mapping {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  bool is_read_only = false;
  std::size_t resident_kib = 0;
};

bool read_range(const std::string& line, Mapping& mapping) {
  unsigned long begin = 0;
  unsigned long end = 0;
  char rights[8] = {};
  unsigned long inode = 0;
  if (std::sscanf(line.c_str(), "%lx-%lx %7s %*x %*x:%*x %lu", &begin, &end, rights, &inode) != 4) return false;
  mapping = {begin, end, rights[1] == '-' && rights[3] == 'p' && inode != 0, 0};
  return true;
}

}  // namespace

void keep_few_arenas() noexcept {
  constexpr int arenas = 2;
  mallopt(M_ARENA_MAX, arenas);
}

std::size_t release_code_of_start() {
  std::ifstream maps("/proc/self/smaps");
  std::size_t released = 0;
  Mapping mapping;
  std::string line;
  while (std::getline(maps, line)) {
    if (read_range(line, mapping)) continue;
    std::size_t kib = 0;
    if (std::sscanf(line.c_str(), "Rss: %zu kB", &kib) == 1) mapping.resident_kib = kib;
    // Comes behind Rss. Pages of our own, such as relocations or a debugger's breakpoint, would be lost.
    if (std::sscanf(line.c_str(), "Anonymous: %zu kB", &kib) != 1 || kib != 0 || !mapping.is_read_only) continue;
    auto* const begin =
        reinterpret_cast<void*>(mapping.begin);  // NOLINT(performance-no-int-to-ptr): /proc says numbers
    if (madvise(begin, mapping.end - mapping.begin, MADV_DONTNEED) == 0) {
      released += mapping.resident_kib * 1024;
    }
  }
  return released;
}

}  // namespace cli
BELLWETHER_NAMESPACE_END
