// SPDX-License-Identifier: EUPL-1.2
// Which subcommands exist; each is described in a file of its own.
#include "app/commands.h"

namespace huiyin::app {

extern const Command kServe;
extern const Command kMigrate;
extern const Command kTermsList;
extern const Command kTermsExplain;
extern const Command kAuditVerify;
extern const Command kBackup;
extern const Command kCountyCreate;
extern const Command kDemo;
extern const Command kMattersImport;
extern const Command kVersion;

const std::vector<Command>& Commands() {
  static const std::vector<Command> all = {
      kServe, kMigrate, kTermsList, kTermsExplain, kAuditVerify, kBackup, kCountyCreate, kMattersImport, kDemo, kVersion,
  };
  return all;
}

}  // namespace huiyin::app
