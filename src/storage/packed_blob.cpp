// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#include "storage/packed_blob.hpp"

#include <xxhash.h>
#include <zstd.h>

#include <algorithm>
#include <memory>
#include <new>

BELLWETHER_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr std::size_t head_bytes = 9;

// Kept for each thread: making one costs more than a small blob.
struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

std::unique_ptr<ZSTD_CCtx, FreeCompressor>& compressor() {
  thread_local std::unique_ptr<ZSTD_CCtx, FreeCompressor> context;
  return context;
}

}  // namespace

Bytes pack_blob(ByteView content, int level) {
  std::unique_ptr<ZSTD_CCtx, FreeCompressor>& context = compressor();
  if (context == nullptr) context.reset(ZSTD_createCCtx());
  if (context == nullptr) throw std::bad_alloc();
  Bytes blob(head_bytes + ZSTD_compressBound(content.size()));
  const std::size_t size = ZSTD_compressCCtx(context.get(), blob.data() + head_bytes, blob.size() - head_bytes,
                                             content.data(), content.size(), level);
  if (ZSTD_isError(size) != 0) throw std::bad_alloc();  // nothing else can fail with room enough
  blob.resize(head_bytes + size);
  blob[0] = blob_format;
  const std::uint64_t hash = XXH3_64bits(blob.data() + head_bytes, size);
  for (unsigned i = 0; i < 8; ++i) blob[1 + i] = static_cast<std::uint8_t>(hash >> (8 * i));
  return blob;
}

void trim_blob_packer() noexcept {
  constexpr std::size_t worth_keeping = 256 * 1024;
  std::unique_ptr<ZSTD_CCtx, FreeCompressor>& context = compressor();
  if (context != nullptr && ZSTD_sizeof_CCtx(context.get()) > worth_keeping) context.reset();
}

std::optional<Bytes> unpack_blob(ByteView blob) {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context(ZSTD_createDCtx());
  ByteReader reader(blob);
  const std::uint8_t format = reader.u8();
  const std::uint64_t hash = reader.fixed64();
  if (!reader.good() || format != blob_format) return std::nullopt;
  const ByteView frame = reader.raw(reader.left());
  if (XXH3_64bits(frame.data(), frame.size()) != hash) return std::nullopt;
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size > max_blob_content) return std::nullopt;  // unknown and error are the largest numbers
  Bytes content(static_cast<std::size_t>(size));
  const std::size_t got =
      ZSTD_decompressDCtx(context.get(), content.data(), content.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) != 0 || got != content.size()) return std::nullopt;
  return content;
}

}  // namespace storage
BELLWETHER_NAMESPACE_END
