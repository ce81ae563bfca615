// SPDX-License-Identifier: EUPL-1.2
// Pictures made for tests.
#pragma once

#include <zlib.h>

#include <string>

#include "modules/attachments/picture.h"

namespace huiyin::attachments::testing {

inline Pixels Gradient(int width, int height) {
  Pixels pixels{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      pixels.rgb.push_back(static_cast<uint8_t>(x * 255 / width));
      pixels.rgb.push_back(static_cast<uint8_t>(y * 255 / height));
      pixels.rgb.push_back(128);
    }
  }
  return pixels;
}

inline std::string BigEndian(uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
          static_cast<char>(number)};
}

// A PNG that claims to be huge and holds almost nothing.
inline std::string PngBomb(uint32_t width, uint32_t height) {
  const auto chunk = [](const std::string& kind, const std::string& data) {
    const std::string body = kind + data;
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return BigEndian(static_cast<uint32_t>(data.size())) + body + BigEndian(static_cast<uint32_t>(sum));
  };
  using namespace std::string_literals;
  return "\x89PNG\r\n\x1a\n"s + chunk("IHDR", BigEndian(width) + BigEndian(height) + "\x08\x02\0\0\0"s) +
         chunk("IDAT", "\x78\x9c\x63\0\0\0\x01\0\x01"s) + chunk("IEND", "");
}

// A JPEG with what a camera writes: which way is up, and where it was.
inline std::string WithExif(const std::string& jpeg, int orientation) {
  using namespace std::string_literals;
  std::string exif = "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"s;
  exif += static_cast<char>(orientation);
  exif += "\0\0\0\0\0\0\0 30.5728,104.0668"s;
  const auto length = static_cast<uint32_t>(exif.size() + 2);
  return jpeg.substr(0, 2) + "\xff\xe1" + static_cast<char>(length >> 8) + static_cast<char>(length) + exif + jpeg.substr(2);
}

}  // namespace huiyin::attachments::testing
