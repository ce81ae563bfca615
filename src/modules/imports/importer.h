// SPDX-License-Identifier: EUPL-1.2
// What a kind of file does with its rows. The same code checks a file and applies it: a
// check reads the rows against the database and counts; an application reads them again and
// writes what is new or changed.
#pragma once

#include <memory>

#include "modules/imports/columns.h"
#include "platform/context.h"

namespace huiyin::imports {

struct Summary {
  int64_t added = 0;
  int64_t changed = 0;
  int64_t same = 0;
};

// Where rows are looked up, and for whom.
struct Work {
  db::Tx& tx;
  const Services& services;
  County county;
  Instant now;
  Date today;
  const Actor& actor;
};

struct NewPasswordOf {
  std::string login;
  std::string password;
  std::string hash;
};

class Importer {
 public:
  virtual ~Importer() = default;
  virtual std::span<const Column> columns() const = 0;
  // Takes the next row. What it must do is kept until Apply.
  virtual void Take(Work& work, Cells& cells) = 0;
  // After the last row: what can only be said of the whole.
  virtual void Finish(Work&, const Heading&, Errors&) {}
  // Writes what is kept, and forgets it.
  virtual void Apply(Context& ctx) = 0;

  // How many rows are dealt with as a whole: where an application may stop and go on.
  virtual int64_t rows_complete() const { return rows_taken_; }
  // How many records wait for Apply; a check calls Drop instead of Apply.
  virtual size_t pending() const { return 0; }
  virtual void Drop() {}

  // Households only. What the people of new ones are found by waits until many are there; how
  // many pieces wait.
  virtual size_t held() const { return 0; }
  // Enters the next `most` of them.
  virtual void EnterHeld(Context&, size_t /*most*/) {}
  // Holds anew what another program wrote and did not come to enter.
  virtual void HoldAgain(Context&, std::string_view /*register_number*/) {}

  // Officers only: the logins that need a password, and the passwords made for them.
  virtual std::vector<std::string> NeedPasswords() const { return {}; }
  virtual void GivePasswords(std::vector<NewPasswordOf>) {}

  const Summary& summary() const { return summary_; }

 protected:
  Summary summary_;
  int64_t rows_taken_ = 0;
};

std::unique_ptr<Importer> NewAreaImporter();
std::unique_ptr<Importer> NewUnitImporter();
std::unique_ptr<Importer> NewOfficerImporter();
std::unique_ptr<Importer> NewHouseholdImporter();
std::unique_ptr<Importer> NewMatterImporter();

// May the actor do this there? As May, for rows.
inline bool MayIn(const Work& work, Action action, std::string_view area) {
  return May(work.actor, action, {.area = area}) == Decision::kAllowed;
}

}  // namespace huiyin::imports
