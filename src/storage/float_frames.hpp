// Copyright The Bellwether Authors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bellwether/version.hpp>
#include <cstdint>

#include "storage/byte_stream.hpp"

BELLWETHER_NAMESPACE_BEGIN
namespace storage {

/// How samples lie in memory: frames of up to 32 samples, each a few bytes of head and two rows of numbers of a common
/// width. Times are differences of differences; values are differences of decimals, or, where they are no decimals, XORs
/// with the value before. About as small as Gorilla's stream of bits and several times faster to read, since
/// no sample's place depends on the bits of the one before.
///
///     frame   count-1 (5 bits) | kind << 5
///             time width (a byte), times: zigzag(delta of delta), packed
///     kind 0  all values are the one before
///     kind 1  exponent | 16 if a base follows; width; varint zigzag(least delta); [base: 8 bytes]; delta - least, packed
///     kind 2  width; shift; XORs >> shift, packed
///
/// What a frame goes on from: the last sample of the frame before.
struct FrameState {
  std::int64_t time = 0;
  std::int64_t delta = 0;
  double value = 0;
  int exponent = 0;  ///< of the encoder alone; 16: this series is no decimal

  static constexpr int no_decimal = 16;
};

inline constexpr std::size_t max_frame_samples = 32;

/// Appends frames for any number of samples. Times in any order, any values: they come back bit for bit.
void encode_frames(FrameState& state, const std::int64_t* times, const double* values, std::size_t count, Bytes& out);

/// Reads `count` samples into both arrays. False for bytes that no encoder wrote: never reads or writes beyond.
bool decode_frames(FrameState state, ByteView bytes, std::size_t count, std::int64_t* times, double* values);

}  // namespace storage
BELLWETHER_NAMESPACE_END
