const typing = "input, textarea, select, dialog, [role=combobox]";

/**
 * Moves the focus along the titles of a list by j and k. Returns which of them has the focus, so
 * that other keys can act on it.
 */
export function walk(
  event: KeyboardEvent,
  list: HTMLElement,
): number | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if ((event.target as Element).closest(typing)) return undefined;
  const titles = [...list.querySelectorAll<HTMLElement>(".queue-title")];
  const at = titles.findIndex((title) => title === document.activeElement);
  const step = { j: 1, k: -1 }[event.key];
  if (step !== undefined) {
    const next = titles[Math.max(0, at + step)] ?? titles.at(-1);
    next?.focus();
    event.preventDefault();
  }
  return at < 0 ? undefined : at;
}
