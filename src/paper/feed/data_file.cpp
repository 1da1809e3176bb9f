// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/data_file.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr std::size_t chunk = std::size_t{1} << 16;

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
struct CloseArchive {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
struct CloseMember {
  void operator()(zip_file_t* member) const noexcept { zip_fclose(member); }
};

Error too_large(const std::string& path, std::size_t limit) {
  return Error{fmt::format("{}: holds more than {} bytes, the most that is read; is it a recording?", path, limit)};
}

/// Appends what `read(buffer, size)` gives, until it gives 0. It gives a negative number when it fails.
template <typename Read>
Result<std::string> read_all(const std::string& path, std::size_t limit, Read&& read, const char* failure) {
  std::string text;
  for (;;) {
    const std::size_t size = text.size();
    text.resize(size + chunk);
    const auto got = read(text.data() + size, chunk);
    if (got < 0) return Error{fmt::format("{}: {}", path, failure)};
    text.resize(size + static_cast<std::size_t>(got));
    if (got == 0) return text;
    if (text.size() > limit) return too_large(path, limit);
  }
}

Result<std::unique_ptr<zip_t, CloseArchive>> open_archive(const std::string& path) {
  int code = 0;
  std::unique_ptr<zip_t, CloseArchive> archive{zip_open(path.c_str(), ZIP_RDONLY, &code)};
  if (archive) return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  Error result{fmt::format("{}: no readable zip: {}", path, zip_error_strerror(&error))};
  zip_error_fini(&error);
  return result;
}

}  // namespace

Result<void> expect_regular_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) return Error{path + ": there is no such file"};
  if (error) return Error{path + ": " + error.message()};
  if (!std::filesystem::is_regular_file(status)) return Error{path + ": is not a regular file"};
  return {};
}

Result<std::string> read_text_file(const std::string& path, std::size_t limit) {
  if (auto regular = expect_regular_file(path); !regular) return regular.error();
  const std::unique_ptr<std::FILE, CloseFile> file{std::fopen(path.c_str(), "rb")};
  if (!file) return Error{path + ": cannot be opened: " + std::generic_category().message(errno)};
  const auto read = [&](char* buffer, std::size_t size) {
    const std::size_t got = std::fread(buffer, 1, size, file.get());
    return got == 0 && std::ferror(file.get()) != 0 ? std::ptrdiff_t{-1} : static_cast<std::ptrdiff_t>(got);
  };
  return read_all(path, limit, read, "cannot be read");
}

Result<std::string> read_zip_csv(const std::string& path, std::size_t limit) {
  if (auto regular = expect_regular_file(path); !regular) return regular.error();
  auto opened = open_archive(path);
  if (!opened) return opened.error();
  zip_t* const archive = opened->get();

  const zip_int64_t members = zip_get_num_entries(archive, 0);
  if (members != 1) return Error{fmt::format("{}: holds {} members, one CSV was expected", path, members)};
  zip_stat_t status;
  zip_stat_init(&status);
  if (zip_stat_index(archive, 0, 0, &status) != 0 || (status.valid & ZIP_STAT_SIZE) == 0) {
    return Error{fmt::format("{}: the member has no size", path)};
  }
  if ((status.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && status.encryption_method != ZIP_EM_NONE) {
    return Error{fmt::format("{}: the member is encrypted", path)};
  }
  if (status.size > limit) return too_large(path, limit);
  const std::unique_ptr<zip_file_t, CloseMember> member{zip_fopen_index(archive, 0, 0)};
  if (!member) return Error{fmt::format("{}: the member cannot be unpacked: {}", path, zip_strerror(archive))};
  // The size that the archive states may be a lie: it is only believed where it refuses.
  const auto read = [&](char* buffer, std::size_t size) { return zip_fread(member.get(), buffer, size); };
  return read_all(path, limit, read, "the compressed data are damaged or end too early");
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
