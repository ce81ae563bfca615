// SPDX-License-Identifier: EUPL-1.2
// Pictures of visits and matters are kept for a time; a file nobody points at is swept away:
// one whose picture was erased, or whose upload was refused.
#pragma once

#include "platform/module.h"

namespace huiyin::attachments {

Retained PicturesKeptForATime();
Night SweepFiles();

}  // namespace huiyin::attachments
