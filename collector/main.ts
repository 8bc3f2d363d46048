#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { errorText, SimvueError } from 'simvue-otel/errors';
import { makePrivateDirectory } from 'simvue-otel/framed-log';
import { NANOS_PER_MILLISECOND } from 'simvue-otel/time';
import { defaultDataDirectory, readConfig } from './config.ts';

const EXIT_CONFIGURATION = 2;
/** Codes of errors that the person at the terminal can fix. */
const CONFIGURATION_CODES = new Set([
  'SIMVUE_ERR_CONFIG',
  'SIMVUE_ERR_DATA_DIRECTORY',
  'SIMVUE_ERR_PORT_IN_USE',
  'SIMVUE_ERR_DISK',
]);

async function main(): Promise<void> {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  const [command, ...rest] = process.argv.slice(2);
  if (command === 'token') return manageTokens(rest);
  const config = readConfig(process.argv.slice(2), process.env, manifest.version);
  if (config === undefined) return;
  // Loaded when it is wanted: a wrong flag is answered at once.
  // The young generation of the heap does not shrink again: loading modules would leave 20 MiB to a collector that idles.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { createApp } = await import('./app.ts');
  const app = await createApp(config, { version: manifest.version, onFatal: fail });
  setFlagsFromString('--semi-space-growth-factor=2');
  console.log(`listening on ${app.url}`);
  console.log(`  runs page   ${config.publicUrl ?? app.url}`);
  console.log(`  send OTLP   OTEL_EXPORTER_OTLP_ENDPOINT=${app.url}`);
  if (app.grpcUrl !== undefined) console.log(`  or by gRPC  OTEL_EXPORTER_OTLP_ENDPOINT=${app.grpcUrl}`);
  console.log(`  data        ${config.dataDirectory}`);
  if (app.firstToken !== undefined)
    console.log(`  token       ${app.firstToken}   (for clients that want one; not shown again)`);

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    app.close().then(
      () => process.exit(0),
      (error: unknown) => fail(new Error(`stopping on ${signal}: ${errorText(error)}`, { cause: error })),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

async function manageTokens(argv: readonly string[]): Promise<void> {
  const { runTokenCommand } = await import('./access/token-command.ts');
  const { openCatalog } = await import('./store/sqlite-catalog.ts');
  await runTokenCommand(argv, {
    dataDirectory: defaultDataDirectory(process.env),
    open: (directory) => {
      makePrivateDirectory(directory);
      return openCatalog(join(directory, 'catalog.db'), () => BigInt(Date.now()) * NANOS_PER_MILLISECOND);
    },
    print: (text) => console.log(text),
    tell: (text) => console.error(text),
  });
}

function fail(error: unknown): void {
  console.error(`simvue-collector: ${errorText(error)}`);
  const isConfiguration = error instanceof SimvueError && CONFIGURATION_CODES.has(error.code);
  process.exit(isConfiguration ? EXIT_CONFIGURATION : 1);
}

main().catch(fail);
