// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/store_files.hpp"

#include <array>
#include <filesystem>
#include <system_error>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

namespace fs = std::filesystem;
constexpr std::array<const char*, 3> parts{"", "-wal", "-shm"};

}  // namespace

Result<void> StoreFiles::scan() {
  std::error_code code;
  const std::lock_guard lock(mutex_);
  for (fs::directory_iterator each(options_->directory, code), end; !code && each != end; each.increment(code)) {
    if (const std::optional<std::int64_t> day = day_of_file_name(each->path().filename().string())) {
      files_[*day] = std::make_shared<DayFile>(*day, file_options());
      files_[*day]->set_ready();
    }
  }
  if (code) return Error{"cannot list " + options_->directory + ": " + code.message()};
  return {};
}

DayFileOptions StoreFiles::file_options() const {
  return {options_->directory, options_->full_sync, options_->vfs};
}

std::vector<std::shared_ptr<DayFile>> StoreFiles::all() const {
  std::vector<std::shared_ptr<DayFile>> out;
  const std::lock_guard lock(mutex_);
  for (const auto& [day, file] : files_) out.push_back(file);
  return out;
}

std::shared_ptr<DayFile> StoreFiles::find_or_make(std::int64_t day) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<DayFile>& file = files_[day];
  if (file == nullptr) file = std::make_shared<DayFile>(day, file_options());
  return file;
}

void StoreFiles::report_corrupt(const DayFile& file, const std::string& reason) {
  if (file.open_series() == nullptr) {
    set_aside(file, reason);
    return;
  }
  const std::lock_guard lock(mutex_);
  reported_.emplace_back(file.day(), reason);
}

void StoreFiles::set_aside(const DayFile& file, const std::string& reason) {
  std::string target = file.path() + ".corrupt";
  {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(file.day());
    if (found == files_.end() || found->second.get() != &file) return;  // somebody was faster
    files_.erase(found);
    std::error_code code;
    for (int i = 1; fs::exists(target, code); ++i) target = file.path() + ".corrupt." + std::to_string(i);
    for (const char* part : parts) fs::rename(file.path() + part, target + part, code);
  }
  metrics_->corrupt_files.inc();
  log(file.path() + " is damaged and was set aside as " + target + " (" + reason + "); the other days serve on");
}

std::vector<std::pair<std::int64_t, std::string>> StoreFiles::take_reported() {
  const std::lock_guard lock(mutex_);
  return std::exchange(reported_, {});
}

std::uint64_t StoreFiles::bytes_of(const DayFile& file) const {
  std::uint64_t sum = 0;
  for (const char* part : parts) {
    std::error_code code;
    const std::uintmax_t size = fs::file_size(file.path() + part, code);
    if (!code) sum += size;
  }
  return sum;
}

std::uint64_t StoreFiles::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& file : all()) sum += bytes_of(*file);
  return sum;
}

void StoreFiles::remove(const DayFile& file) {
  {
    const std::lock_guard lock(mutex_);
    files_.erase(file.day());
  }
  for (const char* part : parts) {
    std::error_code code;
    fs::remove(file.path() + part, code);
  }
}

void StoreFiles::remove_old(std::int64_t now_ms) {
  const std::vector<std::shared_ptr<DayFile>> files = all();
  std::uint64_t total = bytes();
  for (std::size_t i = 0; i < files.size(); ++i) {
    const DayFile& file = *files[i];
    if (file.open_series() != nullptr) continue;
    const std::int64_t end = (file.day() + 1) * day_ms;
    const bool too_old = options_->retention.count() > 0 && end + options_->retention.count() <= now_ms;
    const bool too_large = options_->retention_bytes > 0 && total > options_->retention_bytes && i + 1 < files.size();
    if (!too_old && !too_large) continue;
    total -= bytes_of(file);
    log("removing " + file.path() + ": beyond the retention of " + (too_old ? "time" : "size"));
    remove(file);
  }
}

void StoreFiles::log(const std::string& message) const {
  if (options_->log) options_->log(message);
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
