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
extern const Command kBackupVerify;
extern const Command kRestore;
extern const Command kMove;
extern const Command kCountyCreate;
extern const Command kDemo;
extern const Command kMattersImport;
extern const Command kAreasImport;
extern const Command kUnitsImport;
extern const Command kOfficersImport;
extern const Command kHouseholdsImport;
extern const Command kHouseholdsExport;
extern const Command kUserAdd;
extern const Command kUserReset;
extern const Command kRetentionPreview;
extern const Command kRetentionRun;
extern const Command kCountersVerify;
extern const Command kCountersRebuild;
extern const Command kReport;
extern const Command kCheck;
extern const Command kKeyVerify;
extern const Command kKeyRotate;
extern const Command kFakeGateway;
extern const Command kVersion;

const std::vector<Command>& Commands() {
  static const std::vector<Command> all = {
      kServe, kDemo, kCountyCreate, kAreasImport, kUnitsImport, kOfficersImport, kUserAdd, kUserReset,
      kHouseholdsImport, kHouseholdsExport, kMattersImport, kTermsList, kTermsExplain, kAuditVerify,
      kBackup, kBackupVerify, kRestore, kMigrate, kMove, kCountersVerify, kCountersRebuild,
      kRetentionPreview, kRetentionRun, kReport, kKeyVerify, kKeyRotate, kCheck, kFakeGateway, kVersion,
  };
  return all;
}

}  // namespace huiyin::app
