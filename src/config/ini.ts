/** Sections of an INI file by name; keys and values are text. */
export type IniSections = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Reads `[section]` and `key = value` lines; `#` and `;` start a comment line.
 *
 * @throws SyntaxError with the number of the line that is neither.
 */
export function parseIni(text: string): IniSections {
  const sections: Record<string, Record<string, string>> = Object.create(null);
  let section: Record<string, string> | undefined;
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const [, name] = /^\[([^\]]+)\]$/.exec(line) ?? [];
    const [, key, value] = /^([^=:]+?)\s*(?:=|:(?!\/\/))\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      section = sections[name.trim()] ?? Object.create(null);
      sections[name.trim()] = section as Record<string, string>;
    } else if (key !== undefined && value !== undefined && section !== undefined) {
      section[key] = value.replace(/^(["'])(.*)\1$/, '$2');
    } else {
      throw new SyntaxError(`line ${index + 1} is neither a [section] nor a key = value in one`);
    }
  }
  return sections;
}
