// SPDX-License-Identifier: EUPL-1.2
#include "modules/attachments/picture.h"

#include "core/problem.h"
#include "modules/attachments/codecs.h"

namespace huiyin::attachments {
namespace {

uint32_t Number(std::string_view bytes, size_t at, size_t size, bool big_endian) {
  uint32_t number = 0;
  for (size_t i = 0; i < size; ++i) {
    const size_t from = big_endian ? at + i : at + size - 1 - i;
    number = number << 8 | static_cast<uint8_t>(bytes[from]);
  }
  return number;
}

// The share of each source pixel in one target pixel, along one side.
struct Span {
  int first;
  std::vector<uint32_t> weights;  // sum to kUnit
};
constexpr uint32_t kUnit = 1 << 16;

std::vector<Span> SpansOf(int from, int to) {
  std::vector<Span> spans;
  const double step = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    const double begin = i * step;
    const double end = std::min<double>(from, (i + 1) * step);
    Span span{static_cast<int>(begin), {}};
    uint32_t sum = 0;
    for (int at = span.first; at < end; ++at) {
      const double share = (std::min(end, at + 1.0) - std::max(begin, static_cast<double>(at))) / (end - begin);
      span.weights.push_back(static_cast<uint32_t>(share * kUnit));
      sum += span.weights.back();
    }
    span.weights.back() += kUnit - sum;
    spans.push_back(std::move(span));
  }
  return spans;
}

Pixels ScaleTo(const Pixels& from, int width, int height) {
  const auto across = SpansOf(from.width, width);
  const auto down = SpansOf(from.height, height);
  const auto row_bytes = static_cast<size_t>(width) * 3;
  Pixels narrow{width, from.height, std::vector<uint8_t>(row_bytes * static_cast<size_t>(from.height))};
  for (int y = 0; y < from.height; ++y) {
    const uint8_t* source = &from.rgb[static_cast<size_t>(y) * static_cast<size_t>(from.width) * 3];
    uint8_t* target = &narrow.rgb[static_cast<size_t>(y) * row_bytes];
    for (const Span& span : across) {
      const uint8_t* at = source + static_cast<size_t>(span.first) * 3;
      uint32_t sums[3] = {kUnit / 2, kUnit / 2, kUnit / 2};
      for (uint32_t weight : span.weights) {
        for (uint32_t& sum : sums) sum += weight * *at++;
      }
      for (uint32_t sum : sums) *target++ = static_cast<uint8_t>(std::min(255u, sum / kUnit));
    }
  }
  Pixels small{width, height, std::vector<uint8_t>(row_bytes * static_cast<size_t>(height))};
  std::vector<uint32_t> sums(row_bytes);
  for (int y = 0; y < height; ++y) {
    const Span& span = down[static_cast<size_t>(y)];
    std::fill(sums.begin(), sums.end(), kUnit / 2);
    for (size_t i = 0; i < span.weights.size(); ++i) {
      const uint8_t* row = &narrow.rgb[(static_cast<size_t>(span.first) + i) * row_bytes];
      for (size_t x = 0; x < row_bytes; ++x) sums[x] += span.weights[i] * row[x];
    }
    uint8_t* target = &small.rgb[static_cast<size_t>(y) * row_bytes];
    for (size_t x = 0; x < row_bytes; ++x) target[x] = static_cast<uint8_t>(std::min(255u, sums[x] / kUnit));
  }
  return small;
}

}  // namespace

std::optional<Format> Sniff(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xff\xd8\xff"sv)) return Format::kJpeg;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return Format::kPng;
  if (bytes.size() >= 16 && bytes.starts_with("RIFF"sv) && bytes.substr(8, 4) == "WEBP"sv) return Format::kWebp;
  return std::nullopt;
}

std::string_view MediaTypeOf(Format format) {
  switch (format) {
    case Format::kJpeg: return "image/jpeg";
    case Format::kPng: return "image/png";
    case Format::kWebp: return "image/webp";
  }
  return "";
}

Pixels Decode(std::string_view bytes, Format format, int longest_side) {
  codecs::Decoded decoded;
  switch (format) {
    case Format::kJpeg: decoded = codecs::DecodeJpeg(bytes, kMostPixels, longest_side); break;
    case Format::kPng: decoded = codecs::DecodePng(bytes, kMostPixels); break;
    case Format::kWebp: decoded = codecs::DecodeWebp(bytes, kMostPixels, longest_side); break;
  }
  if (decoded.outcome == codecs::Outcome::kTooLarge) throw Problem(422, "attachments.too_many_pixels");
  if (decoded.outcome != codecs::Outcome::kDone) throw Problem(422, "attachments.unreadable");
  return Upright(std::move(decoded.pixels), OrientationOf(decoded.exif));
}

Pixels Fit(const Pixels& pixels, int longest_side) {
  const int longest = std::max(pixels.width, pixels.height);
  if (longest <= longest_side) return pixels;
  const auto scaled = [&](int side) {
    return std::max(1, static_cast<int>(static_cast<int64_t>(side) * longest_side / longest));
  };
  return ScaleTo(pixels, scaled(pixels.width), scaled(pixels.height));
}

std::string EncodeJpeg(const Pixels& pixels) { return codecs::EncodeJpeg(pixels); }

int OrientationOf(std::string_view exif) {
  using namespace std::string_view_literals;
  constexpr uint32_t kOrientation = 0x0112;
  constexpr size_t kEntryBytes = 12;
  if (exif.size() < 14 || !exif.starts_with("Exif\0\0"sv)) return 1;
  const std::string_view tiff = exif.substr(6);
  const bool big_endian = tiff.starts_with("MM");
  if (!big_endian && !tiff.starts_with("II")) return 1;
  const size_t directory = Number(tiff, 4, 4, big_endian);
  if (directory > tiff.size() || tiff.size() - directory < 2) return 1;
  const size_t entries = Number(tiff, directory, 2, big_endian);
  for (size_t i = 0; i < entries; ++i) {
    const size_t at = directory + 2 + i * kEntryBytes;
    if (at + kEntryBytes > tiff.size()) return 1;
    if (Number(tiff, at, 2, big_endian) != kOrientation) continue;
    const uint32_t value = Number(tiff, at + 8, 2, big_endian);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

Pixels Upright(Pixels pixels, int orientation) {
  if (orientation <= 1 || orientation > 8) return pixels;
  const bool is_turned = orientation >= 5;
  const int width = is_turned ? pixels.height : pixels.width;
  const int height = is_turned ? pixels.width : pixels.height;
  const int last_x = pixels.width - 1;
  const int last_y = pixels.height - 1;
  Pixels upright{width, height, std::vector<uint8_t>(pixels.rgb.size())};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      int from_x = is_turned ? y : x;
      int from_y = is_turned ? x : y;
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) from_x = last_x - from_x;
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) from_y = last_y - from_y;
      const size_t from = (static_cast<size_t>(from_y) * static_cast<size_t>(pixels.width) + static_cast<size_t>(from_x)) * 3;
      const size_t to = (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) * 3;
      std::copy_n(&pixels.rgb[from], 3, &upright.rgb[to]);
    }
  }
  return upright;
}

}  // namespace huiyin::attachments
