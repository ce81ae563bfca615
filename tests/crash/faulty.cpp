// SPDX-License-Identifier: EUPL-1.2
// The program with a disk that can be broken while it runs: linked with everything huiyin is
// made of, and never shipped. A file named in HUIYIN_FAULTS says what goes wrong with
// SQLite's own files, and is read anew at every write and flush:
//
//   KIND WHERE N    one of N of the operations WHERE fails as KIND
//   KIND            full (no room), write (I/O error), torn (half is written, then an I/O
//                   error), sync (the flush fails), readonly
//   WHERE           wal, db or any
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

struct Fault {
  std::array<char, 16> kind{};
  std::array<char, 8> where{};
  int one_in = 0;
};

Fault Now() {
  Fault fault;
  static const char* const file = std::getenv("HUIYIN_FAULTS");  // NOLINT(concurrency-mt-unsafe)
  const int fd = file == nullptr ? -1 : ::open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fault;
  std::array<char, 64> text{};
  const ssize_t size = ::read(fd, text.data(), text.size() - 1);
  ::close(fd);
  if (size > 0) std::sscanf(text.data(), "%15s %7s %d", fault.kind.data(), fault.where.data(), &fault.one_in);
  return fault;
}

sqlite3_vfs* real_vfs = nullptr;

// SQLite's file, with the real one right behind it.
struct File {
  sqlite3_file base;
  bool is_wal;
  bool is_db;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
File* Of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* Real(sqlite3_file* file) { return Of(file)->real(); }

bool Strikes(File* file, const Fault& fault) {
  static std::atomic<unsigned> count{12345};
  if (fault.one_in <= 0) return false;
  const std::string_view where(fault.where.data());
  if (where == "wal" && !file->is_wal) return false;
  if (where == "db" && !file->is_db) return false;
  const unsigned dice = (count.fetch_add(1) * 2654435761U) >> 16;
  return dice % static_cast<unsigned>(fault.one_in) == 0;
}

int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  const Fault fault = Now();
  if (Strikes(Of(file), fault)) {
    const std::string_view kind(fault.kind.data());
    if (kind == "full") return SQLITE_FULL;
    if (kind == "write") return SQLITE_IOERR_WRITE;
    if (kind == "readonly") return SQLITE_READONLY;
    if (kind == "torn") {
      Real(file)->pMethods->xWrite(Real(file), bytes, size / 2, at);
      return SQLITE_IOERR_WRITE;
    }
  }
  return Real(file)->pMethods->xWrite(Real(file), bytes, size, at);
}
int Sync(sqlite3_file* file, int flags) {
  const Fault fault = Now();
  if (std::string_view(fault.kind.data()) == "sync" && Strikes(Of(file), fault)) return SQLITE_IOERR_FSYNC;
  return Real(file)->pMethods->xSync(Real(file), flags);
}
int Close(sqlite3_file* f) { return Real(f)->pMethods == nullptr ? SQLITE_OK : Real(f)->pMethods->xClose(Real(f)); }
int Read(sqlite3_file* f, void* to, int size, sqlite3_int64 at) { return Real(f)->pMethods->xRead(Real(f), to, size, at); }
int Truncate(sqlite3_file* f, sqlite3_int64 size) { return Real(f)->pMethods->xTruncate(Real(f), size); }
int FileSize(sqlite3_file* f, sqlite3_int64* size) { return Real(f)->pMethods->xFileSize(Real(f), size); }
int Lock(sqlite3_file* f, int level) { return Real(f)->pMethods->xLock(Real(f), level); }
int Unlock(sqlite3_file* f, int level) { return Real(f)->pMethods->xUnlock(Real(f), level); }
int CheckLock(sqlite3_file* f, int* result) { return Real(f)->pMethods->xCheckReservedLock(Real(f), result); }
int Control(sqlite3_file* f, int op, void* arg) { return Real(f)->pMethods->xFileControl(Real(f), op, arg); }
int SectorSize(sqlite3_file* f) { return Real(f)->pMethods->xSectorSize(Real(f)); }
int Traits(sqlite3_file* f) { return Real(f)->pMethods->xDeviceCharacteristics(Real(f)); }
int ShmMap(sqlite3_file* f, int page, int size, int extend, void volatile** at) {
  return Real(f)->pMethods->xShmMap(Real(f), page, size, extend, at);
}
int ShmLock(sqlite3_file* f, int offset, int n, int flags) { return Real(f)->pMethods->xShmLock(Real(f), offset, n, flags); }
void ShmBarrier(sqlite3_file* f) { Real(f)->pMethods->xShmBarrier(Real(f)); }
int ShmUnmap(sqlite3_file* f, int remove) { return Real(f)->pMethods->xShmUnmap(Real(f), remove); }
int Fetch(sqlite3_file* f, sqlite3_int64 at, int size, void** to) { return Real(f)->pMethods->xFetch(Real(f), at, size, to); }
int Unfetch(sqlite3_file* f, sqlite3_int64 at, void* to) { return Real(f)->pMethods->xUnfetch(Real(f), at, to); }

const sqlite3_io_methods kMethods = {3,     Close,     Read,    Write,   Truncate,   Sync,    FileSize, Lock,      Unlock,
                                     CheckLock, Control, SectorSize, Traits, ShmMap, ShmLock, ShmBarrier, ShmUnmap, Fetch, Unfetch};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* mine = Of(file);
  mine->base.pMethods = nullptr;
  mine->is_wal = (flags & SQLITE_OPEN_WAL) != 0;
  mine->is_db = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  const int code = real_vfs->xOpen(real_vfs, name, mine->real(), flags, out_flags);
  if (mine->real()->pMethods != nullptr) mine->base.pMethods = &kMethods;
  return code;
}

// Before main, so that it stands before the first connection.
[[maybe_unused]] const bool kRegistered = [] {
  real_vfs = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs vfs = *real_vfs;
  vfs.zName = "faulty";
  vfs.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
  vfs.xOpen = Open;
  return sqlite3_vfs_register(&vfs, 1) == SQLITE_OK;
}();

}  // namespace
