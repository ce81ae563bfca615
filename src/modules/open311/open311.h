// SPDX-License-Identifier: EUPL-1.2
// Open311 GeoReport v2 (open311.org): the public part of intake for programs that speak it
// already. Categories are its services and receipts its request ids. Requests are never
// listed to the public: who holds a receipt may ask for that one. JSON only.
#pragma once

#include "platform/module.h"

namespace huiyin::open311 {

Module Describe();

}  // namespace huiyin::open311
