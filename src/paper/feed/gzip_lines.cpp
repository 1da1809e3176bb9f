// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "paper/feed/gzip_lines.hpp"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "paper/feed/data_file.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace paper {

namespace {

constexpr std::size_t chunk_size = std::size_t{1} << 16;
/// zlib: accept a gzip header only, with the largest window.
constexpr int gzip_only = 15 + 16;

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

}  // namespace

struct GzipLines::State {
  std::unique_ptr<std::FILE, CloseFile> file;
  std::size_t line_limit = 0;
  z_stream inflater{};
  std::vector<unsigned char> compressed = std::vector<unsigned char>(chunk_size);
  std::vector<char> text = std::vector<char>(2 * chunk_size);
  std::size_t begin = 0;  ///< the first byte not yet handed out
  std::size_t end = 0;
  std::size_t searched = 0;  ///< no newline stands before this place
  bool within_member = false;
  bool any_member = false;
  bool finished = false;
  bool broken = false;
  bool discarding = false;

  State() { inflateInit2(&inflater, gzip_only); }
  ~State() { inflateEnd(&inflater); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  bool read_compressed();
  void make_room();
  void fill();
};

bool GzipLines::State::read_compressed() {
  if (inflater.avail_in > 0) return true;
  inflater.next_in = compressed.data();
  inflater.avail_in = static_cast<uInt>(std::fread(compressed.data(), 1, compressed.size(), file.get()));
  return inflater.avail_in > 0;
}

void GzipLines::State::make_room() {
  if (begin > 0) {
    std::memmove(text.data(), text.data() + begin, end - begin);
    searched -= begin;
    end -= begin;
    begin = 0;
  }
  if (text.size() - end < chunk_size) text.resize(text.size() + chunk_size);
}

/// Decompresses one more piece into the text, or notes that there is none.
void GzipLines::State::fill() {
  make_room();
  if (!read_compressed()) {
    finished = true;
    broken = within_member || !any_member || std::ferror(file.get()) != 0;
    return;
  }
  if (!within_member) {
    inflateReset(&inflater);
    within_member = any_member = true;
  }
  inflater.next_out = reinterpret_cast<unsigned char*>(text.data() + end);
  inflater.avail_out = static_cast<uInt>(text.size() - end);
  const int status = inflate(&inflater, Z_NO_FLUSH);
  end = text.size() - inflater.avail_out;
  if (status == Z_STREAM_END) {
    within_member = false;
  } else if (status != Z_OK && status != Z_BUF_ERROR) {
    finished = broken = true;
  }
}

GzipLines::GzipLines(std::unique_ptr<State> state) : state_(std::move(state)) {}
GzipLines::GzipLines(GzipLines&&) noexcept = default;
GzipLines& GzipLines::operator=(GzipLines&&) noexcept = default;
GzipLines::~GzipLines() = default;

Result<GzipLines> GzipLines::open(const std::string& path, std::size_t line_limit) {
  if (auto regular = expect_regular_file(path); !regular) {
    return Error{"cannot open " + regular.error().message + "; give a readable gzip file"};
  }
  auto state = std::make_unique<State>();
  state->file.reset(std::fopen(path.c_str(), "rb"));
  if (!state->file) {
    return Error{"cannot open " + path + ": " + std::generic_category().message(errno) + "; give a readable gzip file"};
  }
  state->line_limit = line_limit;
  return GzipLines{std::move(state)};
}

GzipLines::Next GzipLines::next(std::string_view& line) {
  State& s = *state_;
  for (;;) {
    const char* const from = s.text.data() + s.searched;
    const auto* const newline = static_cast<const char*>(std::memchr(from, '\n', s.end - s.searched));
    if (newline != nullptr) {
      const std::size_t stop = static_cast<std::size_t>(newline - s.text.data());
      line = std::string_view{s.text.data() + s.begin, stop - s.begin};
      s.begin = s.searched = stop + 1;
      const bool tail_of_long_line = std::exchange(s.discarding, false);
      if (tail_of_long_line) continue;
      return line.size() > s.line_limit ? Next::too_long : Next::line;
    }
    s.searched = s.end;
    if (s.end - s.begin > s.line_limit) {
      // Report a line once, by its beginning, and drop the rest of it as it comes.
      line = std::string_view{s.text.data() + s.begin, std::min<std::size_t>(s.end - s.begin, s.line_limit)};
      s.begin = s.end;
      if (!std::exchange(s.discarding, true)) return Next::too_long;
    }
    if (!s.finished) {
      s.fill();
      continue;
    }
    const bool rest = s.begin != s.end && !s.discarding && !s.broken;
    line = std::string_view{s.text.data() + s.begin, s.end - s.begin};
    s.begin = s.searched = s.end;
    if (rest) return Next::line;
    return s.broken ? Next::broken : Next::end;
  }
}

}  // namespace paper
BELLWETHER_NAMESPACE_END
