/** Texts under a key of this browser's storage, the newest first; none when it is blocked, or was written by something else. */
export function rememberedTexts(key: string, most: number): string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string').slice(0, most) : [];
  } catch {
    return [];
  }
}

/** Keeps texts in this browser; where its storage is blocked, they hold until the page is closed. */
export function rememberTexts(key: string, texts: readonly string[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(texts));
  } catch {
    return;
  }
}

/** Calls back when another tab of this browser has changed what is kept under a key. */
export function rememberedElsewhere(key: string, changed: () => void): void {
  addEventListener('storage', (event) => {
    // Null: all was removed.
    if (event.key === key || event.key === null) changed();
  });
}
