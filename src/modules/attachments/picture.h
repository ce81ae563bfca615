// SPDX-License-Identifier: EUPL-1.2
// Pictures from strangers: recognised by their first bytes and not by what they are called,
// refused before decoding when they would grow too large, then decoded and written anew as
// JPEG. What comes out holds pixels and nothing else: no place, no camera, no hidden file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace huiyin::attachments {

enum class Format { kJpeg, kPng, kWebp };
// By its first bytes; absent when it is none of these.
std::optional<Format> Sniff(std::string_view bytes);
std::string_view MediaTypeOf(Format format);

inline constexpr size_t kMostBytes = 10 * 1024 * 1024;
inline constexpr int64_t kMostPixels = 50'000'000;  // what a phone's camera makes
inline constexpr int kLongestSide = 1600;
inline constexpr int kThumbSide = 320;

struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;  // three bytes a pixel, row by row
};

// Upright, and no larger than about twice `longest_side` where the format lets it be read
// smaller. Throws Problem 422: "attachments.too_many_pixels", or "attachments.unreadable"
// for what is cut short or not a picture inside.
Pixels Decode(std::string_view bytes, Format format, int longest_side);
// Averaged down so that no side is longer; the same when none is.
Pixels Fit(const Pixels& pixels, int longest_side);
std::string EncodeJpeg(const Pixels& pixels);

// Which way is up, as a camera wrote it into the EXIF part of a JPEG: 1 to 8, 1 when it
// does not say or says it wrongly. `exif` begins with "Exif".
int OrientationOf(std::string_view exif);
Pixels Upright(Pixels pixels, int orientation);

}  // namespace huiyin::attachments
