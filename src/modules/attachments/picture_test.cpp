// SPDX-License-Identifier: EUPL-1.2
#include "modules/attachments/picture.h"

#include <gtest/gtest.h>
#include <png.h>
#include <webp/encode.h>

#include "core/problem.h"
#include "core/random.h"
#include "modules/attachments/testing.h"

namespace huiyin::attachments {
namespace {

std::string CodeOf(std::string_view bytes) {
  const auto format = Sniff(bytes);
  if (!format) return "not a picture";
  try {
    (void)Decode(bytes, *format, kLongestSide);
    return "decoded";
  } catch (const Problem& problem) {
    return problem.code;
  }
}

std::string Png(const Pixels& pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(pixels.width);
  image.height = static_cast<png_uint_32>(pixels.height);
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&image, nullptr, &size, 0, pixels.rgb.data(), 0, nullptr);
  std::string bytes(size, '\0');
  png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.rgb.data(), 0, nullptr);
  bytes.resize(size);
  return bytes;
}

std::string Webp(const Pixels& pixels) {
  uint8_t* out = nullptr;
  const size_t size = WebPEncodeLosslessRGB(pixels.rgb.data(), pixels.width, pixels.height, pixels.width * 3, &out);
  std::string bytes(reinterpret_cast<char*>(out), size);
  WebPFree(out);
  return bytes;
}

TEST(Picture, IsKnownByItsFirstBytes) {
  const Pixels pixels = testing::Gradient(20, 10);
  EXPECT_EQ(Sniff(EncodeJpeg(pixels)), Format::kJpeg);
  EXPECT_EQ(Sniff(Png(pixels)), Format::kPng);
  EXPECT_EQ(Sniff(Webp(pixels)), Format::kWebp);
  EXPECT_EQ(Sniff("<html><script>alert(1)</script>"), std::nullopt);
  EXPECT_EQ(Sniff("GIF89a"), std::nullopt);
  EXPECT_EQ(Sniff("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), std::nullopt);
  EXPECT_EQ(Sniff(""), std::nullopt);
}

TEST(Picture, ComesBackFromEachFormat) {
  const Pixels pixels = testing::Gradient(64, 48);
  for (const std::string& bytes : {EncodeJpeg(pixels), Png(pixels), Webp(pixels)}) {
    const Pixels back = Decode(bytes, *Sniff(bytes), kLongestSide);
    ASSERT_EQ(back.width, 64);
    ASSERT_EQ(back.height, 48);
    for (size_t i = 0; i < back.rgb.size(); ++i) ASSERT_NEAR(back.rgb[i], pixels.rgb[i], 24);
  }
}

TEST(Picture, IsMadeToFit) {
  const Pixels large = testing::Gradient(5000, 2500);
  const std::string bytes = EncodeJpeg(large);
  const Pixels read = Decode(bytes, Format::kJpeg, kLongestSide);
  EXPECT_GE(read.width, kLongestSide);
  EXPECT_LT(read.width, 5000);
  const Pixels fitted = Fit(read, kLongestSide);
  EXPECT_EQ(fitted.width, 1600);
  EXPECT_EQ(fitted.height, 800);
  // Its corners keep their colours.
  EXPECT_NEAR(fitted.rgb[0], large.rgb[0], 8);
  EXPECT_NEAR(fitted.rgb[fitted.rgb.size() - 3], large.rgb[large.rgb.size() - 3], 8);
  const Pixels small = testing::Gradient(30, 20);
  EXPECT_EQ(Fit(small, kLongestSide).rgb, small.rgb);
  EXPECT_EQ(Fit(testing::Gradient(3000, 1), 320).height, 1);
}

TEST(Picture, ABombIsRefusedBeforeItUnpacks) {
  EXPECT_EQ(CodeOf(testing::PngBomb(30'000, 30'000)), "attachments.too_many_pixels");
  EXPECT_EQ(CodeOf(testing::PngBomb(2'000'000, 3)), "attachments.unreadable");
}

TEST(Picture, WhatIsCutShortIsRefused) {
  const Pixels pixels = testing::Gradient(300, 200);
  for (const std::string& whole : {EncodeJpeg(pixels), Png(pixels), Webp(pixels)}) {
    for (double share : {0.9, 0.5, 0.1}) {
      const auto length = static_cast<size_t>(share * static_cast<double>(whole.size()));
      EXPECT_EQ(CodeOf(std::string_view(whole).substr(0, length)), "attachments.unreadable") << length;
    }
  }
  EXPECT_EQ(CodeOf("\xff\xd8\xff"), "attachments.unreadable");
  EXPECT_EQ(CodeOf("\x89PNG\r\n\x1a\n<html>"), "attachments.unreadable");
}

TEST(Picture, NoBrokenBytesBreakTheReader) {
  SeededRandom random(11);
  const Pixels pixels = testing::Gradient(120, 90);
  for (const std::string& whole : {EncodeJpeg(pixels), Png(pixels), Webp(pixels)}) {
    for (int round = 0; round < 300; ++round) {
      std::string broken = whole;
      for (uint64_t i = 0; i < 1 + random.Below(8); ++i) broken[random.Below(broken.size())] = static_cast<char>(random.Below(256));
      const std::string code = CodeOf(broken);
      EXPECT_TRUE(code == "decoded" || code == "attachments.unreadable" || code == "attachments.too_many_pixels" ||
                  code == "not a picture")
          << code;
    }
  }
}

TEST(Picture, TurnsUprightAsTheCameraSaid) {
  // 2 wide, 1 high: a then b.
  const Pixels pixels{2, 1, {10, 0, 0, 20, 0, 0}};
  const auto reds = [](const Pixels& p) {
    std::vector<int> all = {p.width};
    for (size_t i = 0; i < p.rgb.size(); i += 3) all.push_back(p.rgb[i]);
    return all;
  };
  EXPECT_EQ(reds(Upright(pixels, 1)), (std::vector<int>{2, 10, 20}));
  EXPECT_EQ(reds(Upright(pixels, 2)), (std::vector<int>{2, 20, 10}));
  EXPECT_EQ(reds(Upright(pixels, 3)), (std::vector<int>{2, 20, 10}));
  EXPECT_EQ(reds(Upright(pixels, 4)), (std::vector<int>{2, 10, 20}));
  EXPECT_EQ(reds(Upright(pixels, 6)), (std::vector<int>{1, 10, 20}));  // a quarter turn right
  EXPECT_EQ(reds(Upright(pixels, 8)), (std::vector<int>{1, 20, 10}));  // a quarter turn left
  EXPECT_EQ(reds(Upright(pixels, 99)), (std::vector<int>{2, 10, 20}));
  const std::string bytes = testing::WithExif(EncodeJpeg(testing::Gradient(64, 32)), 6);
  const Pixels upright = Decode(bytes, Format::kJpeg, kLongestSide);
  EXPECT_EQ(upright.width, 32);
  EXPECT_EQ(upright.height, 64);
}

TEST(Picture, AnOrientationThatMakesNoSenseIsIgnored) {
  using namespace std::string_literals;
  EXPECT_EQ(OrientationOf(""), 1);
  EXPECT_EQ(OrientationOf("Exif\0\0II*\0\xff\xff\xff\xff"s), 1);
  EXPECT_EQ(OrientationOf("Exif\0\0MM\0*\0\0\0\x08\xff\xff"s), 1);
  EXPECT_EQ(OrientationOf("Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0"s), 3);
  EXPECT_EQ(OrientationOf("Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"s), 6);
  EXPECT_EQ(OrientationOf("Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x09\0\0\0"s), 1);
}

TEST(Picture, NothingOfTheCameraRemains) {
  const std::string taken = testing::WithExif(EncodeJpeg(testing::Gradient(64, 32)), 1);
  ASSERT_NE(taken.find("Exif"), std::string::npos);
  const std::string kept = EncodeJpeg(Decode(taken, Format::kJpeg, kLongestSide));
  EXPECT_EQ(kept.find("Exif"), std::string::npos);
  EXPECT_EQ(kept.find("30.5728,104.0668"), std::string::npos);
}

}  // namespace
}  // namespace huiyin::attachments
