// SPDX-License-Identifier: EUPL-1.2
#include "db/sqlite_mapping.h"

#include <type_traits>

namespace huiyin::db {
namespace {

// What the file has grown by since is read without a mapping until it is more than this.
constexpr sqlite3_int64 kMostUnmapped = 16LL * 1024 * 1024;

}  // namespace

void KeptMapping::Keep(sqlite3* connection) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || file == nullptr) return;
  if (file->pMethods == nullptr || file->pMethods->iVersion < 3) return;
  inner_ = file->pMethods;
  methods_ = *inner_;
  methods_.xUnfetch = &KeptMapping::Unfetch;
  file->pMethods = &methods_;
}

int KeptMapping::Unfetch(sqlite3_file* file, sqlite3_int64 at, void* page) {
  static_assert(std::is_standard_layout_v<KeptMapping>);
  auto* self = reinterpret_cast<KeptMapping*>(const_cast<sqlite3_io_methods*>(file->pMethods));
  if (page != nullptr) return self->inner_->xUnfetch(file, at, page);
  sqlite3_int64 size = 0;
  if (self->inner_->xFileSize(file, &size) == SQLITE_OK && size >= self->size_ && size - self->size_ < kMostUnmapped &&
      self->size_ >= 0) {
    return SQLITE_OK;
  }
  self->size_ = size;
  return self->inner_->xUnfetch(file, at, page);
}

}  // namespace huiyin::db
