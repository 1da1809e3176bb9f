// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "scrape/remote/position_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

BELLWETHER_NAMESPACE_BEGIN
namespace remote {

struct PositionFile::Layout {
  char magic[8];
  char boot_id[16];
  std::int64_t floor;
  std::int64_t clean;
  std::int64_t reserved[3];
  std::int64_t lanes[lane_count * 2];
};

namespace {

constexpr char magic[8] = {'B', 'W', 'R', 'P', 'O', 'S', '1', '\n'};
constexpr std::int64_t no_floor = INT64_MAX;
constexpr std::int64_t after_power_cut_ms = 60'000;

Error failed(const std::string& path, const char* what) {
  return {"cannot " + std::string(what) + " the position file " + path + ": " + std::system_category().message(errno) +
          "; remote write cannot remember how far it has come"};
}

/// The first 16 characters that matter of the kernel's UUID.
std::array<char, 16> boot_id_bytes(std::string text) {
  if (text.empty()) std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), text);
  std::erase(text, '-');
  std::array<char, 16> out{};
  std::copy_n(text.begin(), std::min(text.size(), out.size()), out.begin());
  return out;
}

}  // namespace

Result<std::unique_ptr<PositionFile>> PositionFile::open(const std::string& path, std::int64_t start_ms,
                                                         std::string boot_id) {
  static_assert(std::endian::native == std::endian::little);
  static_assert(sizeof(Layout) == 64 + lane_count * 16);
  std::error_code code;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), code);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return failed(path, "open");
  struct stat status = {};
  Result<void> ready;
  if (::fstat(file, &status) != 0) ready = failed(path, "read");
  // Room on the disk now, so that a full one cannot fail a store to memory later.
  if (ready) {
    errno = ::posix_fallocate(file, 0, sizeof(Layout));
    if (errno != 0) ready = failed(path, "make room for");
  }
  void* const mapped =
      ready ? ::mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
  if (ready && mapped == MAP_FAILED) ready = failed(path, "map");
  ::close(file);
  if (!ready) return ready.error();

  auto* const layout = static_cast<Layout*>(mapped);
  std::unique_ptr<PositionFile> out(new PositionFile(layout, path));
  const std::array<char, 16> boot = boot_id_bytes(std::move(boot_id));
  const bool known = status.st_size == sizeof(Layout) && std::memcmp(layout->magic, magic, sizeof magic) == 0;
  if (!known) {
    if (status.st_size > 0)
      std::filesystem::copy_file(path, path + ".damaged", std::filesystem::copy_options::overwrite_existing, code);
    *layout = {};
    std::memcpy(layout->magic, magic, sizeof magic);
    layout->floor = no_floor;
    for (unsigned lane = 0; lane < lane_count; ++lane) {
      out->set_acknowledged(lane, start_ms);
      out->set_sent(lane, INT64_MIN);
    }
  } else if (layout->clean == 0 && std::memcmp(layout->boot_id, boot.data(), boot.size()) != 0) {
    for (unsigned lane = 0; lane < lane_count; ++lane) {
      out->set_sent(lane, std::max(out->sent(lane), out->acknowledged(lane)));
      out->set_acknowledged(lane, out->acknowledged(lane) - after_power_cut_ms);
    }
  }
  layout->clean = 0;
  std::memcpy(layout->boot_id, boot.data(), boot.size());
  if (Result<void> synced = out->sync(); !synced) return synced.error();
  return out;
}

PositionFile::~PositionFile() {
  ::munmap(layout_, sizeof(Layout));
}

std::int64_t PositionFile::load(unsigned place) const noexcept {
  return std::atomic_ref(layout_->lanes[place]).load(std::memory_order_relaxed);
}

void PositionFile::store(unsigned place, std::int64_t value) noexcept {
  std::atomic_ref(layout_->lanes[place]).store(value, std::memory_order_relaxed);
}

std::int64_t PositionFile::floor() const noexcept {
  return std::atomic_ref(layout_->floor).load(std::memory_order_relaxed);
}

void PositionFile::set_floor(std::int64_t time_ms) noexcept {
  std::atomic_ref(layout_->floor).store(time_ms, std::memory_order_relaxed);
}

std::int64_t PositionFile::resume_from(unsigned lane) const noexcept {
  const std::int64_t below_floor = floor() == no_floor ? no_floor : floor() - 1;
  return std::min(acknowledged(lane), below_floor);
}

Result<void> PositionFile::sync() noexcept {
  if (::msync(layout_, sizeof(Layout), MS_SYNC) != 0) return failed(path_, "write");
  return {};
}

Result<void> PositionFile::close_cleanly() noexcept {
  layout_->clean = 1;
  return sync();
}

}  // namespace remote
BELLWETHER_NAMESPACE_END
