// Installs and builds what is missing or older than its sources, and does nothing otherwise. Node built-ins only.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bin, fail, root, run, runNode } from './repository.mjs';

const MINIMUM_NODE = [20, 19];
const MANIFESTS = ['package.json', 'collector/package.json', 'web/package.json'];
const NOT_SOURCES = new Set(['node_modules', 'dist', '.git', '.cache']);

/** What is built, from which files; the stamp lies in the output, so that a deleted output is built again. */
const TARGETS = {
  library: { inputs: ['src', 'tsconfig.json', 'tsconfig.base.json'], stamp: 'dist/.inputs', proof: 'dist/index.js' },
  collector: {
    inputs: ['src', 'collector', 'tsconfig.json', 'tsconfig.base.json'],
    stamp: 'collector/dist/.inputs',
    proof: 'collector/dist/main.js',
  },
  tools: {
    inputs: ['src', 'collector', 'bench', 'examples', 'test/support', 'tsconfig.tools.json', 'tsconfig.base.json'],
    stamp: '.cache/tools/.inputs',
    proof: '.cache/tools/test/support/load/main.js',
  },
  web: {
    inputs: ['web', 'collector/api/contract'],
    stamp: 'collector/dist/web/.inputs',
    proof: 'collector/dist/web/index.html',
  },
};

/** Stops with one line when this Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    fail(`Node ${process.versions.node} is too old: simvue-otel needs Node >= ${MINIMUM_NODE.join('.')}.`, 2);
  }
}

/** Installs the dependencies unless they are those of the manifests already. `npm ci` would refuse: the lock names one platform's binaries. */
export async function ensureInstalled() {
  checkNode();
  const stamp = join(root, 'node_modules/.simvue-otel-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === manifestHash()) return;
  process.stderr.write('Installing dependencies (npm install) …\n');
  const { code, output } = await run(npmCommand(), ['install', '--no-audit', '--no-fund'], {
    quiet: true,
    env: { ...process.env, npm_config_loglevel: 'error' },
  });
  if (code !== 0) fail(`npm install failed:\n${output.trim()}`);
  writeFileSync(stamp, manifestHash());
}

/** Builds the library, the collector and the tools of tests and benchmarks; `web: true` also the page. */
export async function ensureBuilt({ web = true } = {}) {
  const stale = Object.keys(TARGETS).filter((name) => (web || name !== 'web') && !isFresh(TARGETS[name]));
  const compiled = stale.filter((name) => name !== 'web');
  if (compiled.length > 0) {
    await step('Compiling', () =>
      runNode([bin('typescript', 'tsc'), '-b', '.', 'collector', 'tsconfig.tools.json'], { quiet: true }),
    );
    for (const name of compiled) writeStamp(TARGETS[name]);
  }
  if (stale.includes('web') && existsSync(join(root, 'web/vite.config.ts'))) {
    await step('Building the page', () => run(npmCommand(), ['run', 'build', '-w', 'web'], { quiet: true }));
    writeStamp(TARGETS.web);
  }
}

async function step(title, start) {
  process.stderr.write(`${title} …\n`);
  const { code, output } = await start();
  if (code !== 0) fail(`${title} failed:\n${output.trim()}`);
}

function npmCommand() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

function manifestHash() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.modules}`);
  for (const path of [...MANIFESTS, 'package-lock.json']) hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

function isFresh({ inputs, stamp, proof }) {
  const path = join(root, stamp);
  return existsSync(join(root, proof)) && existsSync(path) && readFileSync(path, 'utf8') === inputHash(inputs);
}

function writeStamp({ inputs, stamp }) {
  const path = join(root, stamp);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, inputHash(inputs));
}

function inputHash(inputs) {
  const hash = createHash('sha256').update(manifestHash());
  for (const input of inputs) if (existsSync(join(root, input))) addToHash(hash, input);
  return hash.digest('hex');
}

function addToHash(hash, path) {
  const status = statSync(join(root, path));
  if (!status.isDirectory()) {
    hash.update(`${path} ${status.size} ${status.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(join(root, path)).sort())
    if (!NOT_SOURCES.has(name)) addToHash(hash, `${path}/${name}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureInstalled();
  await ensureBuilt();
}
