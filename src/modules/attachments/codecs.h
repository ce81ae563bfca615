// SPDX-License-Identifier: EUPL-1.2
// The only places that see libjpeg, libpng and libwebp.
#pragma once

#include "modules/attachments/picture.h"

namespace huiyin::attachments::codecs {

enum class Outcome { kDone, kTooLarge, kBroken };

struct Decoded {
  Outcome outcome = Outcome::kBroken;
  Pixels pixels;
  std::string exif;  // of a JPEG
};

Decoded DecodeJpeg(std::string_view bytes, int64_t most_pixels, int longest_side);
Decoded DecodePng(std::string_view bytes, int64_t most_pixels);
Decoded DecodeWebp(std::string_view bytes, int64_t most_pixels, int longest_side);
std::string EncodeJpeg(const Pixels& pixels);

}  // namespace huiyin::attachments::codecs
