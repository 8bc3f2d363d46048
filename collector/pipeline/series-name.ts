type Labels = readonly (readonly [key: string, value: string])[];

const PLAIN_KEY = /^[\w.:/-]+$/;
const ESCAPE: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/**
 * Display name of a series: `name`, or `name{key="value",…}` with values escaped as in Prometheus.
 *
 * In a name `\` and `{` are written `\\` and `\{`; a key of other characters than `[A-Za-z0-9_.:/-]` is quoted like a value.
 */
export function printSeriesName(name: string, labels: Labels): string {
  const printed = /[\\{]/.test(name) ? name.replace(/[\\{]/g, '\\$&') : name;
  if (labels.length === 0) return printed;
  const pairs = labels.map(([key, value]) => `${PLAIN_KEY.test(key) ? key : quote(key)}=${quote(value)}`);
  return `${printed}{${pairs.join(',')}}`;
}

/** Inverse of {@link printSeriesName}. @returns undefined when the text is not a display name. */
export function parseSeriesName(text: string): { name: string; labels: [string, string][] } | undefined {
  const head = /^(?:[^\\{]|\\[\\{])*/.exec(text)?.[0] ?? '';
  const name = head.replace(/\\([\\{])/g, '$1');
  if (head.length === text.length) return { name, labels: [] };
  if (text[head.length] !== '{' || !text.endsWith('}')) return undefined;
  const labels: [string, string][] = [];
  const pair = /(?:([\w.:/-]+)|"((?:[^\\"\n]|\\[\\"n])*)")="((?:[^\\"\n]|\\[\\"n])*)"([,}])/y;
  pair.lastIndex = head.length + 1;
  for (let match = pair.exec(text); match !== null; match = pair.exec(text)) {
    labels.push([match[1] ?? unquote(match[2] ?? ''), unquote(match[3] ?? '')]);
    if (match[4] === '}') return pair.lastIndex === text.length ? { name, labels } : undefined;
  }
  return undefined;
}

function quote(text: string): string {
  return `"${text.replace(/[\\"\n]/g, (character) => ESCAPE[character] ?? character)}"`;
}

function unquote(text: string): string {
  return text.replace(/\\(.)/g, (_match, character: string) => (character === 'n' ? '\n' : character));
}
