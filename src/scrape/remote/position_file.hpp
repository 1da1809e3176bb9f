// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bellwether/result.hpp>
#include <cstdint>
#include <memory>
#include <string>

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

/// Series are spread over so many lanes by the hash of their labels; what is sent of a lane is sent in order.
inline constexpr unsigned lane_count = 64;

/// How far a queue has come, in a file of 1,088 bytes that is mapped into memory: a store to memory is enough for the position to
/// outlive the process, however it ends. `sync` brings it to the disk, against the end of the machine.
///
///     magic "BWRPOS1\n" | boot id, 16 bytes | floor | clean | ... 64 bytes in all
///     64 lanes of: acknowledged, sent       times in milliseconds, little endian
///
/// acknowledged: every committed sample of the lane up to this time has been taken by the receiver, or dropped on purpose.
/// sent: the newest time that was ever handed to the receiver; what lies between the two it may have already.
/// floor: samples from this time on were committed and do not stand in a lane yet.
///
/// After the machine's end without a clean stop all positions go back by a minute, for the last second may not have reached the
/// disk. Threads: any; each value by itself.
class PositionFile {
 public:
  /// Makes the file, with every lane at `start_ms`, where there is none or none that can be read; that is put aside as
  /// `path`.damaged. `boot_id`: of this run of the machine; empty: ask the kernel.
  static Result<std::unique_ptr<PositionFile>> open(const std::string& path, std::int64_t start_ms,
                                                    std::string boot_id = {});
  ~PositionFile();
  PositionFile(const PositionFile&) = delete;
  PositionFile& operator=(const PositionFile&) = delete;

  std::int64_t acknowledged(unsigned lane) const noexcept { return load(lane * 2); }
  void set_acknowledged(unsigned lane, std::int64_t time_ms) noexcept { store(lane * 2, time_ms); }
  std::int64_t sent(unsigned lane) const noexcept { return load(lane * 2 + 1); }
  void set_sent(unsigned lane, std::int64_t time_ms) noexcept { store(lane * 2 + 1, time_ms); }
  std::int64_t floor() const noexcept;
  void set_floor(std::int64_t time_ms) noexcept;

  /// Where a start goes on: what has been acknowledged, but not beyond the floor.
  std::int64_t resume_from(unsigned lane) const noexcept;

  Result<void> sync() noexcept;
  /// Nothing will change any more.
  Result<void> close_cleanly() noexcept;

 private:
  struct Layout;
  PositionFile(Layout* layout, std::string path) noexcept : layout_(layout), path_(std::move(path)) {}
  std::int64_t load(unsigned place) const noexcept;
  void store(unsigned place, std::int64_t value) noexcept;

  Layout* layout_;
  std::string path_;
};

}  // namespace remote
BELLWETHER_NAMESPACE_END
