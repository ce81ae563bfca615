// SPDX-License-Identifier: EUPL-1.2
#include "modules/attachments/erase.h"

#include <unordered_set>

#include "modules/attachments/files.h"
#include "modules/attachments/store.h"

namespace huiyin::attachments {
namespace {

namespace fs = std::filesystem;

constexpr db::Sql kOld{"attachments.old", R"sql(
  SELECT id FROM attachments WHERE county = $1 AND created_at < $2 AND (visit_id IS NOT NULL OR matter_id IS NOT NULL) LIMIT $3
)sql"};
constexpr db::Sql kErase{"attachments.erase", "DELETE FROM attachments WHERE county = $1 AND id = $2"};
constexpr db::Sql kHashes{"attachments.hashes", "SELECT sha256 FROM attachments WHERE county = $1"};
constexpr db::Sql kCounties{"attachments.counties", "SELECT county FROM counties"};
// A file is written before its row; younger ones may still get theirs.
constexpr auto kGrace = std::chrono::hours(24);

// Of "ab/cdef...", with or without the ending of a smaller one; empty for anything else.
std::string HashOf(const fs::path& file) {
  constexpr size_t kFolder = 2;
  constexpr size_t kRest = 62;
  const std::string folder = file.parent_path().filename().string();
  const std::string name = file.filename().string();
  if (folder.size() != kFolder || name.size() < kRest) return "";
  const std::string hash = folder + name.substr(0, kRest);
  return hash.find_first_not_of("0123456789abcdef") == std::string::npos ? hash : "";
}

std::unordered_set<std::string> KnownHashes(db::Tx& tx) {
  std::unordered_set<std::string> known;
  for (const int64_t code : tx.All(kCounties, [](const db::Row& row) { return row.Int(0); })) {
    tx.Rows(kHashes, [&](const db::Row& row) { known.insert(Hex(row.View(0))); }, code);
  }
  return known;
}

NightResult Sweep(const NightWork& work) {
  std::vector<fs::path> old;
  std::error_code ignored;
  const auto youngest = fs::file_time_type::clock::now() - kGrace;
  for (auto at = fs::recursive_directory_iterator(work.services.files, ignored); at != fs::recursive_directory_iterator(); at.increment(ignored)) {
    const bool is_draft = at->path().extension() == ".part";
    if (!at->is_regular_file(ignored) || (!is_draft && HashOf(at->path()).empty())) continue;
    if (fs::last_write_time(at->path(), ignored) < youngest) old.push_back(at->path());
  }
  // Read after the files were listed: a row that came in between keeps its file.
  std::unordered_set<std::string> known;
  work.services.database.Read([&](db::Tx& tx) { known = KnownHashes(tx); });
  int64_t removed = 0;
  for (const fs::path& file : old) {
    if (known.contains(HashOf(file))) continue;
    // One that is sent again at this moment is made young by whoever keeps it.
    if (fs::last_write_time(file, ignored) < youngest && fs::remove(file, ignored)) ++removed;
  }
  return {.data = {{"files_removed", removed}}};
}

}  // namespace

Retained PicturesKeptForATime() {
  return {"attachments",
          [](db::Tx& tx, County county, Instant before, int limit) {
            return tx.All(kOld, [](const db::Row& row) { return row.Key(0); }, county, before, limit);
          },
          [](Context& ctx, const Uuid& id) {
            const auto one = FindAttachment(ctx.tx, ctx.county, AttachmentId(id));
            if (!one) return;
            ctx.tx.Run(kErase, ctx.county, id);
            // Of a matter's picture no household is named: it may be a complaint's.
            ctx.Record("attachment.erased", "attachment", id, {}, one->matter ? std::nullopt : one->household);
          }};
}

Night SweepFiles() { return {"files", Sweep}; }

}  // namespace huiyin::attachments
