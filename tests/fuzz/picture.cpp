// SPDX-License-Identifier: EUPL-1.2
// Pictures from strangers, and what a camera wrote beside them.
#include "modules/attachments/picture.h"

#include "core/problem.h"
#include "tests/fuzz/fuzz.h"

namespace huiyin::fuzz {

void Try(std::string_view input) {
  const int orientation = attachments::OrientationOf(input);
  Expect(orientation >= 1 && orientation <= 8, "there are eight ways up");
  const auto format = attachments::Sniff(input);
  if (!format) return;
  try {
    const auto pixels = attachments::Decode(input, *format, 64);
    Expect(pixels.width > 0 && pixels.height > 0, "a picture has a size");
    Expect(pixels.rgb.size() == static_cast<size_t>(pixels.width) * static_cast<size_t>(pixels.height) * 3,
           "a picture has all its pixels");
    const auto small = attachments::Fit(pixels, 32);
    Expect(small.width <= 32 && small.height <= 32, "a small picture is small");
    const std::string out = attachments::EncodeJpeg(small);
    Expect(attachments::Sniff(out) == attachments::Format::kJpeg, "what comes out is a JPEG");
  } catch (const Problem& problem) {
    Expect(problem.status == 422, "a bad picture is the client's mistake");
  }
}

}  // namespace huiyin::fuzz
