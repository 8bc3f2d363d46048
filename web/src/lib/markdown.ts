/** A piece of a line of Markdown. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'em' | 'del'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }
  /** A link that names a file, and as it was written: whoever shows it knows whether there is one. */
  | { readonly kind: 'file'; readonly name: string; readonly source: string; readonly children: readonly Inline[] };

/** A block of a Markdown document. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly start: number | undefined; readonly items: readonly (readonly Block[])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly kind: 'rule' };

/** Deeper quotes and lists are plain paragraphs: no text is worth a stack overflow. */
const MAX_DEPTH = 8;
/** What follows is shown as it is. */
const MAX_CHARACTERS = 100_000;
const ITEM = /^( *)(?:[-*+]|(\d{1,9})[.)])(?: +|$)/;
const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)/;
const STARTS_BLOCK = /^(?: {0,3}(?:#{1,6}(?: |$)|>|`{3}|~{3})| *(?:[-*+]|1[.)]) )/;
const RULE = /^ {0,3}([-*_])(?: *\1){2,} *$/;
const TABLE_LINE = /^ *\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?$/;

/** Markdown as a tree; HTML in it is text like any other. */
export function parseMarkdown(text: string): Block[] {
  const part = text.slice(0, MAX_CHARACTERS);
  const blocks = parseBlocks(part.replace(/\r\n?/g, '\n').split('\n'), 0);
  const rest = text.slice(MAX_CHARACTERS);
  return rest === '' ? blocks : [...blocks, { kind: 'code', language: '', text: rest }];
}

function parseBlocks(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const [block, next] =
      line.trim() === ''
        ? [undefined, at + 1]
        : (simpleBlock(lines, at) ?? nestedBlock(lines, at, depth) ?? paragraph(lines, at));
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

type Taken = readonly [block: Block, next: number] | undefined;

function simpleBlock(lines: readonly string[], at: number): Taken {
  const line = lines[at] ?? '';
  const fence = FENCE.exec(line);
  if (fence) {
    const [, mark = '', language = ''] = fence;
    let end = at + 1;
    while (end < lines.length && !(lines[end] ?? '').trim().startsWith(mark)) end += 1;
    return [{ kind: 'code', language, text: lines.slice(at + 1, end).join('\n') }, end + 1];
  }
  const heading = /^ {0,3}(#{1,6})(?:\s|$)/.exec(line);
  if (heading) {
    const title = line
      .slice(heading[0].length)
      .trim()
      .replace(/(?:^| )#+$/, '');
    return [{ kind: 'heading', level: heading[1]?.length ?? 1, children: parseInline(title) }, at + 1];
  }
  if (RULE.test(line)) return [{ kind: 'rule' }, at + 1];
  return line.includes('|') && TABLE_LINE.test(lines[at + 1] ?? '') ? table(lines, at) : undefined;
}

function table(lines: readonly string[], at: number): Taken {
  const cells = (line: string) =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => parseInline(cell.trim()));
  let end = at + 2;
  while (end < lines.length && (lines[end] ?? '').includes('|')) end += 1;
  return [{ kind: 'table', head: cells(lines[at] ?? ''), rows: lines.slice(at + 2, end).map(cells) }, end];
}

function nestedBlock(lines: readonly string[], at: number, depth: number): Taken {
  if (depth >= MAX_DEPTH) return undefined;
  if (/^ {0,3}>/.test(lines[at] ?? '')) {
    let end = at;
    while (end < lines.length && /^ {0,3}>/.test(lines[end] ?? '')) end += 1;
    const inner = lines.slice(at, end).map((line) => line.replace(/^ {0,3}> ?/, ''));
    return [{ kind: 'quote', blocks: parseBlocks(inner, depth + 1) }, end];
  }
  return ITEM.test(lines[at] ?? '') ? list(lines, at, depth) : undefined;
}

function list(lines: readonly string[], at: number, depth: number): Taken {
  const first = ITEM.exec(lines[at] ?? '');
  const isOrdered = first?.[2] !== undefined;
  const margin = first?.[1]?.length ?? 0;
  const items: string[][] = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    const item = ITEM.exec(line);
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    if (item && indent <= margin + 1) {
      if ((item[2] !== undefined) !== isOrdered) break;
      items.push([line.slice(item[0].length)]);
    } else if (line.trim() === '') {
      const after = lines[end + 1] ?? '';
      if (!ITEM.test(after) && !/^ {2,}\S/.test(after)) break;
      items.at(-1)?.push('');
    } else if (indent > margin || !STARTS_BLOCK.test(line))
      items.at(-1)?.push(line.slice(Math.min(indent, margin + 2)));
    else break;
  }
  const start = isOrdered ? Number(first?.[2]) : undefined;
  return [{ kind: 'list', start, items: items.map((item) => parseBlocks(item, depth + 1)) }, end];
}

function paragraph(lines: readonly string[], at: number): readonly [Block, number] {
  let end = at + 1;
  while (end < lines.length && (lines[end] ?? '').trim() !== '' && !STARTS_BLOCK.test(lines[end] ?? '')) end += 1;
  return [{ kind: 'paragraph', children: parseInline(lines.slice(at, end).join('\n')) }, end];
}

// Bounded within: an opening mark without its end must not scan the whole text, once for each of thousands.
const INLINE =
  /(`{1,8})([^`]|[^`][\s\S]{0,2000}?[^`])\1(?!`)|!?\[([^[\]]{0,500})\]\(<?([^\s()<>]{0,2000})>?(?:\s+"[^"]{0,200}")?\)|<(https?:\/\/[^\s<>]+)>|(\*\*|__)(?=\S)([\s\S]{0,2000}?\S)\6|([*_])(?=[^\s*_])([^*_]{0,2000}[^\s*_])\8(?!\w)|~~(?=\S)([\s\S]{0,2000}?\S)~~|(https?:\/\/[^\s<>()]{0,2000}[^\s<>().,;:!?'"])|\\([!-/:-@[-`{-~])/g;

/** Pieces of a line or paragraph; only addresses of the web and of mail become links, relative ones name a file. */
export function parseInline(text: string, depth = 0): Inline[] {
  const pieces: Inline[] = [];
  const add = (piece: string) => {
    const last = pieces.at(-1);
    if (piece === '') return;
    if (last?.kind === 'text') pieces[pieces.length - 1] = { kind: 'text', text: last.text + piece };
    else pieces.push({ kind: 'text', text: piece });
  };
  const inner = (part: string) =>
    depth < MAX_DEPTH ? parseInline(part, depth + 1) : [{ kind: 'text' as const, text: part }];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    add(text.slice(from, match.index));
    from = match.index + match[0].length;
    const [whole, , code, label, address, , , strong, , em, del, , escaped] = match;
    const bare = match[5] ?? match[11];
    if (code !== undefined) pieces.push({ kind: 'code', text: code.replace(/\n/g, ' ').trim() });
    else if (address !== undefined) {
      const href = safeAddress(address);
      const name = fileName(address);
      if (href) pieces.push({ kind: 'link', href, children: inner(label || href) });
      else if (name) pieces.push({ kind: 'file', name, source: whole, children: inner(label || name) });
      else add(whole);
    } else if (bare !== undefined) pieces.push({ kind: 'link', href: bare, children: [{ kind: 'text', text: bare }] });
    else if (strong !== undefined) pieces.push({ kind: 'strong', children: inner(strong) });
    else if (em !== undefined) pieces.push({ kind: 'em', children: inner(em) });
    else if (del !== undefined) pieces.push({ kind: 'del', children: inner(del) });
    else add(escaped ?? whole);
  }
  add(text.slice(from));
  return pieces;
}

/** The address if a click on it may be followed. */
export function safeAddress(address: string): string | undefined {
  if (!/^(?:https?:\/\/|mailto:)[^\s]+$/i.test(address)) return undefined;
  try {
    const { protocol } = new URL(address);
    return ['http:', 'https:', 'mailto:'].includes(protocol) ? address : undefined;
  } catch {
    return undefined;
  }
}

/** The file that a relative address names; undefined for any other address. */
function fileName(address: string): string | undefined {
  if (address === '' || /^(?:[a-z][a-z\d+.-]*:|[/\\#?])/i.test(address)) return undefined;
  const name = address.replace(/^(?:\.\/)+/, '');
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
