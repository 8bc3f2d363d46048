/** A piece of source text; `kind` names its colour. */
export interface Token {
  readonly text: string;
  readonly kind: 'kw' | 'str' | 'num' | 'com' | undefined;
}

const WORDS =
  'abstract as async await auto bool break case catch char class const continue def default del do double elif else end enum except export extends extern False false finally float fn for from func function global if implements import in inline int interface is lambda let long match module mut namespace new nil None not null or and pass private program protected pub public raise real return self short signed static string struct subroutine super switch template this throw trait True true try type typedef typename union unsigned use using var virtual void volatile while with yield';
const HASH = new Set([
  'py',
  'sh',
  'bash',
  'yaml',
  'yml',
  'toml',
  'r',
  'rb',
  'jl',
  'cfg',
  'ini',
  'conf',
  'env',
  'mk',
  'cmake',
  'nix',
]);
const PLAIN = new Set(['txt', 'log', 'md', 'out', 'csv', '']);
const STRINGS = String.raw`"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\x60(?:\\.|[^\x60\\])*\x60`;
const NUMBER = String.raw`\b(?:0x[\da-fA-F]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\b`;

/** Splits source text into coloured pieces; their texts joined are the text. @param extension - of the file's name, which decides how comments begin. */
export function tokenize(text: string, extension: string): Token[] {
  if (PLAIN.has(extension)) return [{ text, kind: undefined }];
  const comment = HASH.has(extension) ? '#.*' : String.raw`\/\/.*|\/\*[\s\S]*?(?:\*\/|$)`;
  const pattern = new RegExp(`(${comment})|(${STRINGS})|(${NUMBER})|\\b(${WORDS.replaceAll(' ', '|')})\\b`, 'g');
  const tokens: Token[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) tokens.push({ text: text.slice(from, match.index), kind: undefined });
    const [whole, comments, string, number] = match;
    const kind = comments !== undefined ? 'com' : string !== undefined ? 'str' : number !== undefined ? 'num' : 'kw';
    tokens.push({ text: whole, kind });
    from = match.index + whole.length;
  }
  if (from < text.length) tokens.push({ text: text.slice(from), kind: undefined });
  return tokens;
}
