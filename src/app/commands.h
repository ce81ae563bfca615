// SPDX-License-Identifier: EUPL-1.2
// The subcommands of the program. Each explains itself with --help, answers wrong input
// with one clear line on standard error, and ends with 0 (done), 1 (could not) or 2 (asked
// wrongly).
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/context.h"

namespace huiyin::app {

struct Command {
  std::string_view name;     // one or two words: "serve", "areas import"
  std::string_view summary;  // one line for the list
  std::string_view help;     // the whole explanation
  int (*run)(std::span<const std::string> args);  // what follows the name
};
const std::vector<Command>& Commands();

// What a command line may hold: "--name value", "--flag", and positional words.
class Arguments {
 public:
  // Throws Usage for an option that is not in `options` ("name" takes a value, "name!" is a
  // flag) or lacks its value.
  Arguments(std::span<const std::string> args, std::vector<std::string_view> options);
  std::optional<std::string> Get(std::string_view name) const;
  std::string Need(std::string_view name) const;  // throws Usage when absent
  bool Flag(std::string_view name) const;
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<std::string> words_;
};

// The command line was wrong; the message says how.
struct Usage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A county's data folder: D/huiyin.db (or D/database, which says where else), D/files,
// D/huiyin.key.
struct OpenCounty {
  std::shared_ptr<db::WalWatch> watch;  // when an archive is kept of it
  std::unique_ptr<db::Database> database;
  std::unique_ptr<Services> services;
};
// The PostgreSQL that holds this folder's records, from its file `database`; absent when they
// are in huiyin.db beside it.
std::optional<std::string> DatabaseUrl(const std::filesystem::path& dir);
void SetDatabaseUrl(const std::filesystem::path& dir, const std::string& url);
// What --database says: once said, it holds for every later command, and another database is not
// slipped in. Throws Usage for no address, another one than before, or a folder with a file.
void NameDatabase(const std::filesystem::path& dir, const std::string& url);
// Standbys of that PostgreSQL that reports may come from, from the folder's file `replicas`, a line each.
std::vector<std::string> ReplicaUrls(const std::filesystem::path& dir);
// What --replica says, addresses with spaces between them, in place of what was there; "none" for none.
// Throws Usage for what is no address, and where the records are in a file.
void NameReplicas(const std::filesystem::path& dir, const std::string& urls);
// The folder's database, wherever it is, as it is.
std::unique_ptr<db::Database> OpenDatabase(const std::filesystem::path& dir, int readers = 4,
                                           std::shared_ptr<db::WalWatch> watch = nullptr);
// Held by whoever serves a folder or carries its records elsewhere: two at once would write
// past each other. Throws std::runtime_error when somebody else holds it. It ends with the
// process, however that ends.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& dir);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;

 private:
  int file_;
};
// After records came from another engine, whose index of words did not come along.
void ForgetPlaces(db::Database& database);
// Where the key of encrypted fields is: $HUIYIN_KEY, else what DIR/key-file names, else
// DIR/huiyin.key. Apart from the folder, a copy of the folder gives no identity number away.
std::filesystem::path KeyFile(const std::filesystem::path& dir);
// Said once, it holds for every later command; throws Usage when there is no such file, or the
// folder has another key.
void NameKey(const std::filesystem::path& dir, const std::filesystem::path& file);
// 32 bytes. Throws std::runtime_error when there is none, unless it may be made: readable by its
// owner only.
Sha256Hash FieldKey(const std::filesystem::path& file, bool may_make = true);
// Where the new key of a rotation under way is.
std::filesystem::path NextKeyFile(const std::filesystem::path& file);
// The new key takes the place of the old in one step. Returns where the old one is now.
std::filesystem::path PutNextKey(const std::filesystem::path& file, Instant now);
enum class Rotation { kNone, kMayGoOn };
// Opens (and migrates) the data folder. Throws std::runtime_error when there is no county
// in it, unless `create` is set; when there are records and no key; and when a rotation of the
// key was interrupted, unless this goes on with it.
OpenCounty OpenData(const std::filesystem::path& dir, bool create = false, Rotation rotation = Rotation::kNone);
// Where the shipped data lies: $HUIYIN_DATA, else beside the program, else the source tree
// it was built from.
std::filesystem::path ShippedData();
std::filesystem::path ShippedWeb();

// Runs `job` in a write transaction of the county with the system as actor.
void WithContext(const OpenCounty& county, const std::function<void(Context&)>& job);
// Writes the county of the context: itself as its first area, and one window that takes
// what residents bring.
void BeginCounty(Context& ctx, const std::string& name, const std::string& name_en);
bool HasCounty(db::Tx& tx, County county);

}  // namespace huiyin::app
