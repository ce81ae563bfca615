// SPDX-License-Identifier: EUPL-1.2
// A photograph on its way in pieces, from a phone whose network breaks off. What has arrived is a
// file of its officer's, as long as what has arrived; nothing is written down of it until an act
// names it. It is in no backup, since the phone keeps the picture until that act is done, and is
// swept when nobody named it for some days.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/id.h"
#include "platform/module.h"

namespace huiyin::attachments {

inline constexpr size_t kMostPiece = 256 * 1024;
inline constexpr int64_t kMostUploaded = 200'000'000;  // of one officer, on their way at once
inline constexpr int64_t kUploadKeptMs = 7 * kDay;

struct UploadPlace {
  std::filesystem::path folder;  // the officer's
  std::filesystem::path file;
};
UploadPlace PlaceOf(const std::filesystem::path& files, County county, const OfficerId& officer, const Uuid& id);

// How much has arrived; 0 when nothing has.
int64_t ReceivedOf(const UploadPlace& place);
// Puts a piece where it belongs and returns how much has arrived then, on disk. One that is there already
// changes nothing. Throws 409 "sync.offset_ahead" with `received` for one that would leave a hole, 413 when the
// whole would be too large, 409 "sync.uploads_full", 503 "storage_unavailable".
int64_t AddPiece(const UploadPlace& place, int64_t offset, std::string_view bytes);
std::optional<std::string> LoadUpload(const UploadPlace& place);

void AddUploadRoutes(std::vector<Route>& routes);
Night SweepUploads();

}  // namespace huiyin::attachments
