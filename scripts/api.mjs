// `node scripts/api.mjs [--check]`: writes docs/api.md from the docstrings of what the package exports. With --check it writes nothing, and
// fails when the page is not what it would write, when something public has no docstring, or shows a type that is not exported.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './repository.mjs';

const ENTRY_POINTS = {
  'simvue-otel': 'index.ts',
  'simvue-otel/compat': 'compat.ts',
  'simvue-otel/exporter': 'exporter.ts',
  'simvue-otel/bridges': 'bridges/index.ts',
  'simvue-otel/magnus': 'magnus/index.ts',
  'simvue-otel/errors': 'errors.ts',
  'simvue-otel/time': 'time.ts',
};
/** What the collector shares with `simvue-otel/exporter`: no part of what users are promised. */
const OF_THE_COLLECTOR = new Set([
  'ControlClient',
  'EntryList',
  'EventEntry',
  'MetricEntry',
  'NewRun',
  'RemoteRun',
  'RemoteRuns',
  'ensureFolder',
  'entryOfEvent',
  'simvueName',
]);
const PAGE = join(root, 'docs/api.md');
const HEAD = `# API reference
Written by \`node scripts/api.mjs\` from the docstrings; a test fails when it is stale. What the calls are for: [client.md](client.md),
[drop-in.md](drop-in.md), [magnus.md](magnus.md).
`;

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  root,
);
const paths = Object.values(ENTRY_POINTS).map((file) => join(root, 'src', file));
const program = ts.createProgram(paths, { ...options, noEmit: true, composite: false });
const checker = program.getTypeChecker();
const problems = [];
const exported = new Set();
for (const path of paths) for (const { symbol } of exportsOf(path)) exported.add(symbol);
const page = `${[HEAD, ...Object.entries(ENTRY_POINTS).map(entryPoint)].join('\n')}`;

if (process.argv.includes('--check')) {
  const isStale = readFileSync(PAGE, 'utf8') !== page;
  if (isStale) process.stdout.write('docs/api.md is not up to date: node scripts/api.mjs\n');
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.exitCode = isStale || problems.length > 0 ? 1 : 0;
} else writeFileSync(PAGE, page);

function exportsOf(path) {
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)));
  return symbols
    .filter(({ name }) => !OF_THE_COLLECTOR.has(name))
    .map((symbol) => ({
      name: symbol.name,
      symbol: resolved(symbol),
    }));
}

function resolved(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function entryPoint([name, file]) {
  const rank = ({ symbol }) => (symbol.flags & ts.SymbolFlags.Value ? 0 : 1);
  const symbols = exportsOf(join(root, 'src', file)).sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return `## \`${name}\`\n\n${symbols.map(section).join('\n')}`;
}

/** Types of ours in what is shown must be exported as well: who reads the page must find them there. */
function visible(node) {
  if (node === undefined) return;
  if (ts.isTypeReferenceNode(node)) {
    const symbol = resolved(checker.getSymbolAtLocation(node.typeName));
    const declaration = symbol.declarations?.[0];
    const isOurs = declaration?.getSourceFile().fileName.startsWith(join(root, 'src')) ?? false;
    if (isOurs && !ts.isTypeParameterDeclaration(declaration) && !exported.has(symbol))
      problems.push(`${symbol.name} is part of a public signature and is not exported`);
  }
  ts.forEachChild(node, visible);
}

function section({ name, symbol }) {
  const [declaration] = symbol.declarations;
  const text = documentation(symbol, name);
  const heading = (kind) => `### ${kind} \`${name}\`\n\n${text}\n`;
  if (ts.isClassDeclaration(declaration)) return `${heading('class')}\n${members(symbol, name)}`;
  if (ts.isFunctionDeclaration(declaration)) return `${heading('function')}\n${callables(symbol, name)}`;
  if (ts.isInterfaceDeclaration(declaration)) return `${heading('interface')}\n${fields(symbol, name)}`;
  if (ts.isTypeAliasDeclaration(declaration)) visible(declaration.type);
  if (ts.isTypeAliasDeclaration(declaration))
    return `${heading('type')}\n${code(`type ${name} = ${written(declaration.type)}`)}`;
  return heading('const');
}

/** Constructor, then what instances have: properties in one table, methods one by one. */
function members(symbol, owner) {
  const constructors = symbol.members.get('__constructor')?.declarations ?? inheritedConstructor(symbol);
  for (const one of constructors) for (const parameter of one.parameters) visible(parameter.type);
  const made = constructors.map((one) => code(`new ${owner}(${parameters(one)})`));
  const own = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)).filter(isPublic);
  const methods = own.filter(({ flags }) => flags & ts.SymbolFlags.Method);
  const table = fieldTable(
    own.filter((one) => !methods.includes(one)),
    owner,
  );
  const described = methods.map((method) => {
    const name = method.name.startsWith('__@') ? `[Symbol.${method.name.slice(3).split('@')[0]}]` : method.name;
    const text = documentation(method, `${owner}.${name}`);
    return `#### \`${owner}.${name}\`\n\n${[text, callables(method, name)].filter(Boolean).join('\n\n')}`;
  });
  return [...made, ...(table === '' ? [] : [table]), ...described].join('\n');
}

function inheritedConstructor(symbol) {
  const [base] = checker.getDeclaredTypeOfSymbol(symbol).resolvedBaseTypes ?? [];
  return base?.symbol?.members?.get('__constructor')?.declarations ?? [];
}

function isPublic({ declarations: [declaration] = [] }) {
  const isOurs = declaration?.getSourceFile().fileName.startsWith(join(root, 'src')) ?? false;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (
    isOurs && !ts.isPrivateIdentifier(declaration.name) && (ts.getCombinedModifierFlags(declaration) & hidden) === 0
  );
}

/** Signatures, the parameters that have something said of them, the result, the errors. */
function callables(symbol, name) {
  const all = symbol.declarations.filter((one) => ts.isFunctionLike(one));
  const signatures = all.length > 1 ? all.filter(({ body }) => body === undefined) : all;
  for (const { parameters: all, type } of signatures)
    for (const node of [...all.map((one) => one.type), type]) visible(node);
  const texts = signatures.map(
    (one) => `${name}${generics(one)}(${parameters(one)})${one.type ? `: ${flat(one.type.getText())}` : ''}`,
  );
  const lines = symbol.declarations.flatMap(ts.getJSDocTags).flatMap((jsDoc) => {
    const tag = jsDoc.tagName.text;
    const said = flat(
      jsDoc
        .getText()
        .replace(/^@\w+/, '')
        .replace(/\n\s*\*/g, ' '),
    );
    if (tag === 'param') return `- ${said.replace(/^(\S+)\s*-?/, '`$1`:')}`;
    return ['returns', 'throws', 'see'].includes(tag) ? `- ${tag}: ${said}` : [];
  });
  return `${code(texts.join('\n'))}${lines.length > 0 ? `\n${lines.join('\n')}\n` : ''}`;
}

function fields(symbol, owner) {
  return fieldTable(checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)).filter(isPublic), owner);
}

function fieldTable(properties, owner) {
  if (properties.length === 0) return '';
  const rows = properties.map((property) => {
    const [declaration] = property.declarations;
    const isOptional = property.flags & ts.SymbolFlags.Optional;
    const type =
      declaration.type === undefined ? printed(checker.getTypeOfSymbol(property)) : flat(written(declaration.type));
    visible(declaration.type);
    const said = documentation(property, `${owner}.${property.name}`, true);
    // The compiler numbers computed names, and numbers them anew.
    const name = property.name.replace(/^__@(.*)@\d+$/, '[$1]');
    return `| \`${name}${isOptional ? '?' : ''}\` | \`${type.replaceAll('|', '\\|')}\` | ${said.replaceAll('|', '\\|')} |`;
  });
  return `| | | |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function documentation(symbol, name, isOptional = false) {
  const text = flat(
    ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\{@link (\S+?) ?\}/g, '`$1`'),
  );
  if (text === '' && !isOptional && !name.includes('[Symbol.')) problems.push(`${name} has no docstring`);
  return text;
}

function parameters(declaration) {
  return declaration.parameters.map((one) => flat(one.getText())).join(', ');
}

function generics({ typeParameters }) {
  return typeParameters ? `<${typeParameters.map((one) => one.getText()).join(', ')}>` : '';
}

/** A type as the source has it; what is computed from a constant as what it is. */
function written(node) {
  const text = node.getText().replace(/^\| /, '  ');
  return text.includes('typeof ') ? printed(checker.getTypeAtLocation(node)) : text;
}

function printed(type) {
  return checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias);
}

/** One line, without comments. */
function flat(text) {
  return text
    .replace(/\/\*\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function code(text) {
  return `\`\`\`typescript\n${text}\n\`\`\`\n`;
}
