import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Each test file has a spool of its own: no journal of another test is delivered into its collectors. */
const directory = mkdtempSync(join(tmpdir(), 'simvue-spool-'));
process.env['SIMVUE_OFFLINE_DIRECTORY'] = directory;

afterAll(() => rmSync(directory, { recursive: true, force: true }));
