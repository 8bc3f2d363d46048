// What every script shares: the repository's root and one way to run a command. Node built-ins only: this runs before the install.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A package's command, run with this Node: `bin('typescript', 'tsc')`. */
export function bin(packageName, name) {
  const folder = join(root, 'node_modules', packageName);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[name]);
}

/** Starts a process whose end is a promise of `{ code, signal, output }`; output is kept only when it is not inherited. */
export function run(command, args, { quiet = false, env = process.env, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let output = '';
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, output }));
  });
}

/** Runs a script of a package with this Node. */
export const runNode = (args, options) => run(process.execPath, args, options);

/** Ends the script with one line on standard error. */
export function fail(message, code = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

const ORPHAN_CHECK_MILLIS = 500;

/** Passes signals on to a child and ends as it ended. In a terminal the child gets Ctrl-C itself, so it is not sent twice. */
export function followChild(child) {
  const signals = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  if (process.stdin.isTTY) process.on('SIGINT', () => {});
  // npm runs scripts in a shell that dies of SIGTERM without passing it on: an orphan ends its child itself.
  const parent = process.ppid;
  const orphanCheck = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), ORPHAN_CHECK_MILLIS);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearInterval(orphanCheck);
      if (signal === null) return resolve(code ?? 1);
      for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.removeAllListeners(name);
      process.kill(process.pid, signal);
    });
  });
}
