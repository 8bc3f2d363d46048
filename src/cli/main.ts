#!/usr/bin/env node
import { Command } from 'commander';
import { errorText, SimvueError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { type AlertTestOptions, testAlert } from './alert-test.ts';
import { addRunCommand } from './run.ts';
import { type SyncOptions, sync } from './sync.ts';

const USAGE_ERROR = 2;

const program = new Command('simvue')
  .description('Tracks simulation and training runs with OpenTelemetry.')
  .version(VERSION)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_ERROR));

addRunCommand(program);

program
  .command('sync')
  .description('Sends what offline, crashed or interrupted runs have left on disk. Sending twice adds nothing.')
  .argument('[directory]', 'spool directory (default: that of this user)')
  .option('-w, --watch', 'go on: send what running jobs add, until interrupted')
  .option('--url <address>', 'where to send (default: SIMVUE_URL or OTEL_EXPORTER_OTLP_ENDPOINT)')
  .action(async (directory: string | undefined, options: Omit<SyncOptions, 'directory'>) => {
    process.exitCode = await sync({ ...options, directory });
  });

program
  .command('alert')
  .description('Alerts.')
  .command('test')
  .description('Tells when a rule would have fired over what the collector has of a run.')
  .requiredOption('--rule <json>', 'the rule as JSON, or a file that holds it')
  .requiredOption('--run <id>', 'id of the run')
  .option('--url <address>', 'the collector (default: SIMVUE_URL or OTEL_EXPORTER_OTLP_ENDPOINT)')
  .action((options: AlertTestOptions) => testAlert(options));

try {
  await program.parseAsync();
} catch (error) {
  console.error(`simvue: ${errorText(error)}`);
  process.exitCode = error instanceof SimvueError && error.code === 'SIMVUE_ERR_CONFIG' ? USAGE_ERROR : 1;
}
