// SPDX-License-Identifier: EUPL-1.2
// Commands of the key that encrypts fields: verify, rotate.
#include <cstdio>

#include <charconv>

#include "app/commands.h"
#include "app/reseal.h"
#include "modules/org/org.h"
#include "platform/audit.h"

namespace huiyin::app {
namespace {

namespace fs = std::filesystem;

void Say(const Resealed& done) {
  fmt::print("\r{} values seen, {} changed", done.seen, done.changed);
  std::fflush(stdout);
}

int ReadBatch(const Arguments& arguments) {
  int batch = 500;
  if (const auto text = arguments.Get("batch")) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), batch);
    if (error != std::errc() || end != text->data() + text->size() || batch < 1 || batch > 100'000) {
      throw Usage("--batch is a number from 1 to 100000");
    }
  }
  return batch;
}

[[noreturn]] void RefuseUnreadable(const Resealed& done, const fs::path& key) {
  throw std::runtime_error(fmt::format("{} of {} encrypted values do not open with {}: is it the key of this database?",
                                       done.unreadable, done.seen, key.string()));
}

int Verify(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "key"});
  const fs::path dir = arguments.Need("data");
  if (const auto file = arguments.Get("key")) NameKey(dir, *file);
  const OpenCounty county = OpenData(dir);
  // From the key to itself: whatever opens is passed over, and nothing is written.
  const Sha256Hash& key = county.services->field_key;
  const Resealed done = Reseal(*county.database, key, key, SystemRandom(), 1000);
  if (done.unreadable > 0) RefuseUnreadable(done, KeyFile(dir));
  fmt::print("{} encrypted values, all open with {}\n", done.seen, KeyFile(dir).string());
  return 0;
}

int Rotate(std::span<const std::string> args) {
  const Arguments arguments(args, {"data", "key", "batch"});
  const fs::path dir = arguments.Need("data");
  const int batch = ReadBatch(arguments);
  if (const auto file = arguments.Get("key")) NameKey(dir, *file);
  if (!fs::exists(dir)) throw std::runtime_error(dir.string() + ": there is no such folder");
  const FolderLock alone(dir);
  const fs::path file = KeyFile(dir);
  const fs::path next_file = NextKeyFile(file);
  const bool goes_on = fs::exists(next_file);
  const OpenCounty county = OpenData(dir, false, Rotation::kMayGoOn);
  const Sha256Hash from = county.services->field_key;
  if (goes_on) fmt::print("going on with the rotation that was interrupted\n");
  const Sha256Hash next = FieldKey(next_file, true);

  Resealed done = Reseal(*county.database, from, next, SystemRandom(), batch, Say);
  fmt::print("\n");
  if (done.unreadable > 0) RefuseUnreadable(done, file);
  // Once more, from the disk: the old key goes only when nothing needs it.
  const Resealed check = Reseal(*county.database, next, next, SystemRandom(), 1000);
  if (check.unreadable > 0) RefuseUnreadable(check, next_file);
  WithContext(county, [&](Context& ctx) {
    for (const auto& named : org::Counties(ctx.tx)) {
      ctx.county = named.county;
      ctx.Audit({.act = "key.rotated", .resource = "county"});
    }
  });
  const fs::path kept = PutNextKey(file, county.services->clock.Now());
  fmt::print("{} values are under the new key in {}.\nThe old one is in {}: backups made until now need it. Keep it apart, "
             "and destroy it when they are gone.\n", check.seen, file.string(), kept.string());
  return 0;
}

}  // namespace

extern const Command kKeyVerify;
extern const Command kKeyRotate;
const Command kKeyVerify = {"key verify", "see that every encrypted value opens with the key",
                            R"(huiyin key verify --data DIR [--key FILE]

Identity numbers, names kept apart and the secrets of second steps are encrypted. This opens
each and writes nothing. Ends with 1 when one does not open.)", Verify};
const Command kKeyRotate = {"key rotate", "encrypt everything anew under a new key",
                            R"(huiyin key rotate --data DIR [--key FILE] [--batch 500]

  --key FILE   where the key is, when not DIR/huiyin.key; kept in DIR/key-file for later
  --batch N    values in one transaction

The server must be stopped (all of them, on PostgreSQL; then give each the new key). A new key is
made in FILE.next, every value is encrypted under it in batches, all are read once more, and
the new key takes the place of the old, which stays beside it with the time in its name: backups
made before need it. Interrupted or killed, run it again: it goes on where it was, and nothing
is served in between.)", Rotate};

}  // namespace huiyin::app
