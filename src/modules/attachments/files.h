// SPDX-License-Identifier: EUPL-1.2
// Files found by their content: the first two digits of the SHA-256 are the folder, the
// rest the name. The same content is one file; a file never changes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/crypto.h"

namespace huiyin::attachments {

// `variant` tells a smaller edition from the file itself: "" or "-320".
std::filesystem::path PathOf(const std::filesystem::path& files, const Sha256Hash& hash, std::string_view variant = "");
// On disk, whole, when this returns; whoever reads sees all of it or nothing. Problem 503
// "storage_unavailable" when it cannot be.
void Store(const std::filesystem::path& path, std::string_view bytes, Random& random);
std::optional<std::string> Load(const std::filesystem::path& path);

}  // namespace huiyin::attachments
