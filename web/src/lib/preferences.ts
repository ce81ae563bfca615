/** What this device remembers about how to show pages; nothing about a person. */
type Preference =
  "language" | "print" | "signed_in" | "keys" | "wall" | "county";

// A browser may refuse storage (private mode, full disk); then nothing is remembered.
export function recall(name: Preference): string | null {
  try {
    return localStorage.getItem(`huiyin.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: Preference, value: string | null) {
  try {
    if (value === null) localStorage.removeItem(`huiyin.${name}`);
    else localStorage.setItem(`huiyin.${name}`, value);
  } catch {
    // Not remembered; the page works all the same.
  }
}
