import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, type Inline, parseInline, parseMarkdown, safeAddress } from '../../../web/src/lib/markdown.ts';
import { HOSTILE, HOSTILE_FILES } from '../../support/hostile.ts';

const textOf = (pieces: readonly Inline[]): string =>
  pieces.map((piece) => ('text' in piece ? piece.text : textOf(piece.children))).join('');
const linksOf = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/"href":"([^"]*)"/g)].map(([, href = '']) => href);

describe('Markdown', () => {
  it('has headings, paragraphs, code, quotes, rules, lists and tables', () => {
    const source =
      '# Wing ##\n\nfirst\nline\n\n```py\nx = 1 < 2\n```\n> said\n\n---\n- a\n  - b\n- c\n\n3. d\n\n| k | v |\n|---|---|\n| p | 2 |';
    const paragraph = (text: string): Block => ({ kind: 'paragraph', children: [{ kind: 'text', text }] });
    const cell = (text: string): Inline[] => [{ kind: 'text', text }];
    expect(parseMarkdown(source)).toEqual([
      { kind: 'heading', level: 1, children: [{ kind: 'text', text: 'Wing' }] },
      paragraph('first\nline'),
      { kind: 'code', language: 'py', text: 'x = 1 < 2' },
      { kind: 'quote', blocks: [paragraph('said')] },
      { kind: 'rule' },
      {
        kind: 'list',
        start: undefined,
        items: [[paragraph('a'), { kind: 'list', start: undefined, items: [[paragraph('b')]] }], [paragraph('c')]],
      },
      { kind: 'list', start: 3, items: [[paragraph('d')]] },
      { kind: 'table', head: [cell('k'), cell('v')], rows: [[cell('p'), cell('2')]] },
    ]);
  });
  it('has emphasis, code and links within a line, and leaves names with underscores alone', () => {
    expect(parseInline('**a _b_** `c*d` [e](https://x.org/f) snake_case_name 2*3*4')).toEqual([
      {
        kind: 'strong',
        children: [
          { kind: 'text', text: 'a ' },
          { kind: 'em', children: [{ kind: 'text', text: 'b' }] },
        ],
      },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'c*d' },
      { kind: 'text', text: ' ' },
      { kind: 'link', href: 'https://x.org/f', children: [{ kind: 'text', text: 'e' }] },
      { kind: 'text', text: ' snake_case_name 2*3*4' },
    ]);
  });
  it('keeps hostile text as text', () => {
    for (const text of [HOSTILE, ...Object.values(HOSTILE_FILES).map(([, content]) => content)]) {
      expect(linksOf(parseMarkdown(text)).filter((href) => !/^https?:|^mailto:/.test(href))).toEqual([]);
    }
    expect(textOf(parseInline('<script>x</script>'))).toBe('<script>x</script>');
  });
  it('follows no address but those of the web and of mail', () => {
    const bad = [
      'javascript:alert(1)',
      'JaVaScRiPt:x',
      'data:text/html,x',
      ' javascript:x',
      'vbscript:x',
      'file:///etc',
      '//x.org',
      '/runs',
      'java\tscript:x',
    ];
    expect(bad.map(safeAddress)).toEqual(bad.map(() => undefined));
    expect(bad.flatMap((address) => linksOf(parseInline(`[x](${address}) <${address}> ![y](${address})`)))).toEqual([]);
    expect(['https://a.b', 'mailto:a@b.c'].map(safeAddress)).toEqual(['https://a.b', 'mailto:a@b.c']);
  });
  it('takes a relative address for the name of a file, and never for an address', () => {
    const filesOf = (address: string) =>
      parseInline(`see [the plot](${address})`).flatMap((piece) => (piece.kind === 'file' ? [piece.name] : []));
    const named = ['out/p.png', './p.png', '././p.png', 'the%20plot.png', '100%.png', '../p.png', 'p.png?x=//y.org'];
    expect(named.flatMap(filesOf)).toEqual([
      ...['out/p.png', 'p.png', 'p.png', 'the plot.png', '100%.png', '../p.png', 'p.png?x=//y.org'],
    ]);
    const other = [
      '',
      '/p.png',
      '//x.org/p',
      '\\\\x.org',
      '#top',
      '?q',
      'javascript:x',
      'data:x',
      'C:x',
      'https://x.org',
    ];
    expect(other.flatMap(filesOf)).toEqual([]);
    expect(linksOf(parseMarkdown(named.map((address) => `[x](${address})`).join(' ')))).toEqual([]);
    const [, file] = parseInline('a [**b**](c.txt)');
    expect(file).toMatchObject({ name: 'c.txt', source: '[**b**](c.txt)', children: [{ kind: 'strong' }] });
  });
  it('reads any text, and loses none of its words', () => {
    const parts = fc.array(
      fc.constantFrom(
        '#',
        '*',
        '_',
        '`',
        '[',
        ']',
        '(',
        ')',
        '>',
        '-',
        '1.',
        '|',
        '\n',
        ' ',
        'word',
        '~~',
        '```',
        '\t',
      ),
    );
    fc.assert(
      fc.property(
        parts.map((all) => all.join('')),
        (text) => {
          const words = JSON.stringify(parseMarkdown(text)).split('word').length;
          // An address, and the word after the fence of a code block, are not shown as text.
          if (!/\]\(|`{3}|~~~/.test(text)) expect(words).toBeGreaterThanOrEqual(text.split('word').length);
        },
      ),
    );
  });
  it('reads long text in a moment, whatever it opens and does not close', () => {
    const begun = process.cpuUsage();
    for (const part of [
      '**a ',
      '[a',
      '`a ',
      '_a ',
      '> ',
      '- ',
      '~~a ',
      '# ',
      '|',
      '  ',
      '[x](',
      'http://',
      '<https://',
    ]) {
      parseMarkdown(part.repeat(20_000));
    }
    const { user } = process.cpuUsage(begun);
    expect(user / 1e6).toBeLessThan(4);
  });
});
