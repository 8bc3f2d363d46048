/** Whether a name fits a pattern in which only `*` is special, as the collector judges it. */
export function fitsPattern(pattern: string, name: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) return name === pattern;
  let end = name.startsWith(first) ? first.length : -1;
  for (const part of parts) {
    const at = end < 0 ? -1 : name.indexOf(part, end);
    end = at < 0 ? -1 : at + part.length;
  }
  return end >= 0 && name.length - end >= last.length && name.endsWith(last);
}
