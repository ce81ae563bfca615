// SPDX-License-Identifier: EUPL-1.2
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <jpeglib.h>
// After jpeglib.h, which it needs.
#include <jerror.h>

#include "modules/attachments/codecs.h"

namespace huiyin::attachments::codecs {
namespace {

constexpr long kMostMemory = 400L * 1024 * 1024;
// A progressive picture may ask for endless passes over the same pixels.
constexpr int kMostScans = 200;
constexpr int kQuality = 82;

// libjpeg leaves by longjmp: nothing with a destructor may live in the frames it leaves, so
// all of it lives in the caller's.
struct Failure {
  jpeg_error_mgr manager;
  std::jmp_buf escape;
  bool is_cut_short = false;
};

void Leave(j_common_ptr info) { std::longjmp(reinterpret_cast<Failure*>(info->err)->escape, 1); }

void Warned(j_common_ptr info, int level) {
  if (level >= 0) return;
  const int code = info->err->msg_code;
  if (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER) {
    reinterpret_cast<Failure*>(info->err)->is_cut_short = true;
  }
}

void Silent(j_common_ptr) {}

void WatchScans(j_common_ptr info) {
  if (info->is_decompressor && reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMostScans) Leave(info);
}

jpeg_error_mgr* Catching(Failure& failure) {
  jpeg_error_mgr* manager = jpeg_std_error(&failure.manager);
  manager->error_exit = Leave;
  manager->emit_message = Warned;
  manager->output_message = Silent;
  return manager;
}

// The smallest of libjpeg's reductions (1/8, 1/4, 1/2) that still leaves `longest_side`.
unsigned int ReductionFor(unsigned int longest, int longest_side) {
  unsigned int by = 1;
  while (by < 8 && longest / (by * 2) >= static_cast<unsigned int>(longest_side)) by *= 2;
  return by;
}

void KeepExif(const jpeg_decompress_struct& info, std::string& exif) {
  for (auto* marker = info.marker_list; marker != nullptr; marker = marker->next) {
    const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (marker->marker == JPEG_APP0 + 1 && exif.empty() && data.starts_with("Exif")) exif = data;
  }
}

// Cameras do not write CMYK; those who do, write it inverted.
void FromInvertedCmyk(const uint8_t* cmyk, unsigned int width, uint8_t* rgb) {
  for (unsigned int x = 0; x < width; ++x) {
    for (int i = 0; i < 3; ++i) rgb[x * 3 + static_cast<unsigned>(i)] = static_cast<uint8_t>(cmyk[x * 4 + static_cast<unsigned>(i)] * cmyk[x * 4 + 3] / 255);
  }
}

// The frame that longjmp returns to.
bool Run(jpeg_decompress_struct& info, Failure& failure, std::string_view bytes, int64_t most_pixels, int longest_side,
         Decoded& decoded, std::vector<uint8_t>& line) {
  if (setjmp(failure.escape) != 0) return false;
  jpeg_create_decompress(&info);
  info.mem->max_memory_to_use = kMostMemory;
  jpeg_save_markers(&info, JPEG_APP0 + 1, 0xFFFF);
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<unsigned long>(bytes.size()));
  jpeg_read_header(&info, TRUE);
  if (static_cast<int64_t>(info.image_width) * info.image_height > most_pixels) {
    decoded.outcome = Outcome::kTooLarge;
    return false;
  }
  KeepExif(info, decoded.exif);
  const bool is_cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
  info.out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
  info.scale_num = 1;
  info.scale_denom = ReductionFor(std::max(info.image_width, info.image_height), longest_side);
  jpeg_start_decompress(&info);
  decoded.pixels.width = static_cast<int>(info.output_width);
  decoded.pixels.height = static_cast<int>(info.output_height);
  decoded.pixels.rgb.resize(static_cast<size_t>(info.output_width) * info.output_height * 3);
  line.resize(static_cast<size_t>(info.output_width) * 4);
  while (info.output_scanline < info.output_height) {
    uint8_t* target = &decoded.pixels.rgb[static_cast<size_t>(info.output_scanline) * info.output_width * 3];
    JSAMPROW row = is_cmyk ? line.data() : target;
    jpeg_read_scanlines(&info, &row, 1);
    if (is_cmyk) FromInvertedCmyk(line.data(), info.output_width, target);
    if (failure.is_cut_short) return false;
  }
  jpeg_finish_decompress(&info);
  return !failure.is_cut_short;
}

bool Write(jpeg_compress_struct& info, Failure& failure, const Pixels& pixels, unsigned char*& out, unsigned long& size) {
  if (setjmp(failure.escape) != 0) return false;
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, &out, &size);
  info.image_width = static_cast<JDIMENSION>(pixels.width);
  info.image_height = static_cast<JDIMENSION>(pixels.height);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, kQuality, TRUE);
  info.optimize_coding = TRUE;
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = const_cast<uint8_t*>(&pixels.rgb[static_cast<size_t>(info.next_scanline) * info.image_width * 3]);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  return true;
}

}  // namespace

Decoded DecodeJpeg(std::string_view bytes, int64_t most_pixels, int longest_side) {
  Decoded decoded;
  Failure failure;
  std::vector<uint8_t> line;
  jpeg_decompress_struct info{};
  jpeg_progress_mgr progress{};
  progress.progress_monitor = WatchScans;
  info.err = Catching(failure);
  info.progress = &progress;
  if (Run(info, failure, bytes, most_pixels, longest_side, decoded, line)) decoded.outcome = Outcome::kDone;
  jpeg_destroy_decompress(&info);
  return decoded;
}

std::string EncodeJpeg(const Pixels& pixels) {
  Failure failure;
  jpeg_compress_struct info{};
  info.err = Catching(failure);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  const bool is_written = Write(info, failure, pixels, out, size);
  std::string bytes;
  if (is_written) bytes.assign(reinterpret_cast<const char*>(out), size);
  jpeg_destroy_compress(&info);
  std::free(out);
  if (!is_written) throw std::runtime_error("a picture could not be written");
  return bytes;
}

}  // namespace huiyin::attachments::codecs
