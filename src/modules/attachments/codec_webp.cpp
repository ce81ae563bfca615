// SPDX-License-Identifier: EUPL-1.2
#include <webp/decode.h>

#include <algorithm>

#include "modules/attachments/codecs.h"

namespace huiyin::attachments::codecs {
namespace {

// On white, as on paper.
void Flatten(const std::vector<uint8_t>& rgba, std::vector<uint8_t>& rgb) {
  rgb.resize(rgba.size() / 4 * 3);
  for (size_t i = 0; i < rgba.size() / 4; ++i) {
    const int alpha = rgba[i * 4 + 3];
    for (size_t c = 0; c < 3; ++c) {
      rgb[i * 3 + c] = static_cast<uint8_t>((rgba[i * 4 + c] * alpha + 255 * (255 - alpha)) / 255);
    }
  }
}

}  // namespace

Decoded DecodeWebp(std::string_view bytes, int64_t most_pixels, int longest_side) {
  Decoded decoded;
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) return decoded;
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  if (WebPGetFeatures(data, bytes.size(), &config.input) != VP8_STATUS_OK || config.input.has_animation != 0) {
    return decoded;
  }
  const int width = config.input.width;
  const int height = config.input.height;
  if (static_cast<int64_t>(width) * height > most_pixels) {
    decoded.outcome = Outcome::kTooLarge;
    return decoded;
  }
  Pixels& pixels = decoded.pixels;
  pixels.width = width;
  pixels.height = height;
  const int longest = std::max(width, height);
  if (longest > longest_side) {
    config.options.use_scaling = 1;
    pixels.width = std::max(1, static_cast<int>(static_cast<int64_t>(width) * longest_side / longest));
    pixels.height = std::max(1, static_cast<int>(static_cast<int64_t>(height) * longest_side / longest));
    config.options.scaled_width = pixels.width;
    config.options.scaled_height = pixels.height;
  }
  std::vector<uint8_t> rgba(static_cast<size_t>(pixels.width) * static_cast<size_t>(pixels.height) * 4);
  config.output.colorspace = MODE_RGBA;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = rgba.data();
  config.output.u.RGBA.stride = pixels.width * 4;
  config.output.u.RGBA.size = rgba.size();
  if (WebPDecode(data, bytes.size(), &config) == VP8_STATUS_OK) {
    Flatten(rgba, pixels.rgb);
    decoded.outcome = Outcome::kDone;
  }
  WebPFreeDecBuffer(&config.output);
  return decoded;
}

}  // namespace huiyin::attachments::codecs
