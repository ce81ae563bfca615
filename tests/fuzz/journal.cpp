// SPDX-License-Identifier: EUPL-1.2
// The journal of reads as it is found after a power cut: whole records are taken, and never
// more bytes than there are.
#include "core/crypto.h"
#include "platform/audit.h"
#include "tests/fuzz/fuzz.h"

// No row is ever read here, and the engine that reads them is not built.
huiyin::Uuid huiyin::db::Row::Key(int) const { std::abort(); }

namespace huiyin::fuzz {
namespace {

class NoDatabase : public db::Tx {
 public:
  int64_t Execute(const db::Sql&, std::span<const db::Value>, const std::function<void(const db::Row&)>*) override { return 0; }
  void Stream(const db::Sql&, const std::function<void(const db::Row&)>&) override {}
  std::vector<db::Table> Tables() override { return {}; }
  void Script(std::string_view) override {}
  const db::WordIndex& words() const override { std::abort(); }
};

}  // namespace

void Try(std::string_view input) {
  NoDatabase tx;
  const size_t moved = audit::SealRecords(tx, County{990101}, {}, input, 100);
  Expect(moved <= input.size(), "no more is taken than there is");
  // The same bytes as the inside of a record whose sum is right.
  std::string record = fmt::format("{} {}\n", input.size(), Hex(AsView(Sha256(input)).substr(0, 8)));
  record += input;
  record += '\n';
  const size_t taken = audit::SealRecords(tx, County{990101}, {}, record, 100);
  Expect(taken == 0 || taken == record.size(), "a record is taken whole or not at all");
}

}  // namespace huiyin::fuzz
