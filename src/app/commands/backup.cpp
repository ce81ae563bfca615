// SPDX-License-Identifier: EUPL-1.2
// backup: a county in use into one file. restore: that file into a county, on any machine.
#include <cstdio>
#include <fstream>

#include "app/archive.h"
#include "app/backup_parts.h"
#include "app/commands.h"
#include "app/restore_at.h"
#include "platform/read_log.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormat = "huiyin-backup-1";

// The files below a folder, by their names in the archive; none when there is no folder.
std::vector<std::pair<std::string, fs::path>> FilesBelow(const fs::path& folder, const std::string& name) {
  std::vector<std::pair<std::string, fs::path>> files;
  if (!fs::exists(folder)) return files;
  for (const auto& each : fs::recursive_directory_iterator(folder)) {
    if (!each.is_regular_file() || each.path().filename().string().starts_with('.')) continue;
    files.emplace_back(name + "/" + fs::relative(each.path(), folder).string(), each.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

double Megabytes(uint64_t bytes) { return static_cast<double>(bytes) / 1e6; }

int Backup(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "with-key!"});
  if (arguments.words().size() != 1) throw Usage("name the file to write to");
  const fs::path from = arguments.Need("data");
  const fs::path to = arguments.words()[0];
  if (fs::exists(to)) throw std::runtime_error(to.string() + ": is there already");
  const auto began = std::chrono::steady_clock::now();
  const Scratch making(to.string() + ".making");
  const fs::path copied = making.path / "huiyin.db";
  County county_code;
  Instant now;
  {
    const OpenCounty county = OpenData(from);
    county_code = county.services->default_county;
    now = county.services->clock.Now();
    // Reads that are not in the copied chain yet come along. The server keeps their files for a
    // while after it has moved them, so that none goes between the two lines.
    county.database->Backup(copied, [&] { audit::ReadLog::Copy(from / "reads", making.path / "reads"); });
    if (DatabaseUrl(from)) ForgetPlaces(*db::OpenSqlite({.file = copied, .readers = 1}));
  }
  // What was copied must open again, and its chain must be whole, before it counts.
  const auto chain = VerifyChain(copied, county_code);
  const std::string key = ReadKey(KeyFile(from));
  {
    const fs::path part = making.path / "archive";
    ArchiveWriter archive(part);
    archive.AddFile("huiyin.db", copied);
    for (const auto& [name, file] : FilesBelow(making.path / "reads", "reads")) archive.AddFile(name, file);
    // A picture is on disk before its row is, so all that the copy names is there, unless it was
    // erased this moment.
    for (const auto& [name, file] : FilesBelow(from / "files", "files")) archive.AddFile(name, file);
    for (const auto& [name, file] : FilesBelow(from / "messages", "messages")) archive.AddFile(name, file);
    if (arguments.Flag("with-key")) archive.AddText("huiyin.key", key);
    archive.Finish({{"format", kFormat}, {"program", HUIYIN_VERSION}, {"schema", Schema()}, {"county", FormatCounty(county_code)},
                    {"made_at", FormatInstant(now)}, {"key_check", KeyCheckOf(key)},
                    {"audit", {{"entries", chain.entries}, {"head", chain.head}}}});
    VerifyArchive(part);
    // A link does not take the place of a file that came meanwhile.
    std::error_code there;
    fs::create_hard_link(part, to, there);
    if (there && fs::exists(to)) throw std::runtime_error(to.string() + ": is there already");
    if (there) fs::rename(part, to);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print("backed up to {}: {:.1f} MB in {:.1f} s, audit chain of {} entries whole\n", to.string(), Megabytes(fs::file_size(to)),
             took.count(), chain.entries);
  if (!arguments.Flag("with-key")) fmt::print("huiyin.key is not in it: keep a copy of {} apart\n", KeyFile(from).string());
  return 0;
}

void RequireReadable(const json::object& manifest) {
  const json::value* format = manifest.if_contains("format");
  if (format == nullptr || !format->is_string() || std::string_view(format->get_string()) != kFormat) {
    throw ArchiveError("it is of a form that this program does not know; use a newer one");
  }
  if (manifest.at("schema").as_int64() > Schema()) {
    throw ArchiveError(fmt::format("it was made by a newer program (schema {}, this one knows {})", manifest.at("schema").as_int64(), Schema()));
  }
}

int VerifyBackup(std::span<const std::string> args) {
  const Arguments arguments(args, {});
  if (arguments.words().size() != 1) throw Usage("name the file");
  const json::object manifest = VerifyArchive(arguments.words()[0]);
  RequireReadable(manifest);
  fmt::print("whole: county {} of {}, {} files, audit chain of {} entries, made by {} (schema {})\n",
             std::string_view(manifest.at("county").as_string()), std::string_view(manifest.at("made_at").as_string()),
             manifest.at("files").as_array().size(), manifest.at("audit").at("entries").as_int64(),
             std::string_view(manifest.at("program").as_string()), manifest.at("schema").as_int64());
  return 0;
}

int Restore(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "key", "from", "at"});
  if (const auto archive = arguments.Get("from")) {
    if (!arguments.words().empty()) throw Usage("either a FILE or --from ARCHIVE");
    RestoreAsOf({.archive = *archive, .to = arguments.Need("data"), .key = arguments.Need("key"), .at = arguments.Get("at")});
    return 0;
  }
  if (arguments.Get("at")) throw Usage("--at is about an archive: --from ARCHIVE (a backup FILE holds one moment)");
  if (arguments.words().size() != 1) throw Usage("name the file to restore from");
  const fs::path from = arguments.words()[0];
  const fs::path to = fs::absolute(arguments.Need("data")).lexically_normal();
  const auto began = std::chrono::steady_clock::now();
  if (fs::exists(to) && !(fs::is_directory(to) && fs::is_empty(to))) {
    throw std::runtime_error(to.string() + ": is not empty, and nothing is written over");
  }
  // Beside where it goes, so that it comes there whole or not at all.
  const Scratch making(to.string() + ".restoring");
  const json::object manifest = ExtractArchive(from, making.path);
  RequireReadable(manifest);
  const fs::path key_file = making.path / "huiyin.key";
  if (const auto named = arguments.Get("key")) {
    const std::string key = ReadKey(*named);
    std::ofstream(key_file, std::ios::binary) << key;
  }
  if (!fs::exists(key_file)) throw Usage("the key is not in this backup: --key FILE");
  if (KeyCheckOf(ReadKey(key_file)) != std::string_view(manifest.at("key_check").as_string())) {
    throw std::runtime_error("this is not the key of this backup: its sealed numbers could not be read");
  }
  fs::permissions(key_file, fs::perms::owner_read | fs::perms::owner_write);
  const auto county = ParseCounty(std::string_view(manifest.at("county").as_string()));
  const auto chain = VerifyChain(making.path / "huiyin.db", county.value_or(County{}));
  if (chain.head != std::string_view(manifest.at("audit").at("head").as_string())) {
    throw ArchiveError("damaged: its audit chain does not end where its list says");
  }
  fs::create_directories(to.parent_path());
  if (fs::exists(to)) fs::remove(to);  // empty
  fs::rename(making.path, to);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print("restored county {} of {} to {} in {:.1f} s: {} files, audit chain of {} entries whole\n",
             std::string_view(manifest.at("county").as_string()), std::string_view(manifest.at("made_at").as_string()), to.string(),
             took.count(), manifest.at("files").as_array().size(), chain.entries);
  fmt::print("serve it: huiyin serve --data {}\n", to.string());
  return 0;
}

}  // namespace

extern const Command kBackup;
extern const Command kBackupVerify;
extern const Command kRestore;
const Command kBackup = {"backup", "copy a county in use into one verified file",
                         R"(huiyin backup --data DIR FILE [--with-key]

Database, pictures, reads that are not in the chain yet and the county's own messages, as
they are at one moment, while the server goes on. FILE is a tar with a hash of every file in
it; it is read again and compared before this ends well. Needs room for the database twice.

  --with-key   puts huiyin.key into it as well. Without, keep a copy of the key elsewhere:
               who has both can read sealed identity numbers, who has one cannot.)",
                         Backup};
const Command kBackupVerify = {"backup verify", "read a backup and compare every byte with its hashes",
                               "huiyin backup verify FILE\n\nEnds with 1 and says what is damaged.", VerifyBackup};
const Command kRestore = {"restore", "make a county's folder from a backup",
                          R"(huiyin restore FILE --data DIR [--key huiyin.key]
huiyin restore --from ARCHIVE [--at 2026-11-22T10:15:00] --data DIR --key huiyin.key

DIR must be empty or not there: nothing is written over. Every byte is compared with its
hashes and the audit chain is walked before DIR appears; a damaged or foreign file, or the
key of another county, is refused and leaves nothing behind. An older schema is migrated
when it is served.

From an archive (huiyin serve --archive) the county comes back as of any instant that it
knows, on the county's clock or with a zone (...Z); without --at as of the newest.)",
                          Restore};

}  // namespace huiyin::app
