// SPDX-License-Identifier: EUPL-1.2
#include <png.h>

#include <cstring>

#include "modules/attachments/codecs.h"

namespace huiyin::attachments::codecs {

Decoded DecodePng(std::string_view bytes, int64_t most_pixels) {
  Decoded decoded;
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  // Reads the header only; the pixels are not yet unpacked.
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) return decoded;
  if (static_cast<int64_t>(image.width) * image.height > most_pixels) {
    png_image_free(&image);
    decoded.outcome = Outcome::kTooLarge;
    return decoded;
  }
  image.format = PNG_FORMAT_RGB;
  decoded.pixels.width = static_cast<int>(image.width);
  decoded.pixels.height = static_cast<int>(image.height);
  decoded.pixels.rgb.resize(PNG_IMAGE_SIZE(image));
  // What shines through is shown on white, as on paper.
  const png_color white = {255, 255, 255};
  if (png_image_finish_read(&image, &white, decoded.pixels.rgb.data(), 0, nullptr) != 0) {
    decoded.outcome = Outcome::kDone;
  }
  png_image_free(&image);
  return decoded;
}

}  // namespace huiyin::attachments::codecs
