#!/usr/bin/env node
import { Command } from 'commander';
import { errorText, SimvueError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { addAlertCommand } from './alert.ts';
import { addCompletionCommand } from './completion.ts';
import { addDiagnosticCommands } from './doctor.ts';
import { addFileCommands } from './files.ts';
import { addMonitorCommand } from './monitor.ts';
import { addReadCommands } from './read.ts';
import { addRunCommand } from './run.ts';
import { type SyncOptions, sync } from './sync.ts';
import { addWriteCommands } from './write.ts';

const USAGE_ERROR = 2;

const program = new Command('simvue')
  .description('Tracks simulation and training runs with OpenTelemetry.')
  .version(VERSION)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_ERROR));

addRunCommand(program);
addWriteCommands(program);
addAlertCommand(program);
addFileCommands(program);
addReadCommands(program);
addMonitorCommand(program);

program
  .command('sync')
  .description('Sends what offline, crashed or interrupted runs have left on disk. Sending twice adds nothing.')
  .argument('[directory]', 'spool directory (default: that of this user)')
  .option('-w, --watch', 'go on: send what running jobs add, until interrupted')
  .option('--url <address>', 'where to send (default: SIMVUE_URL or OTEL_EXPORTER_OTLP_ENDPOINT)')
  .action(async (directory: string | undefined, options: Omit<SyncOptions, 'directory'>) => {
    process.exitCode = await sync({ ...options, directory });
  });

addDiagnosticCommands(program);
addCompletionCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  console.error(`simvue: ${errorText(error)}`);
  process.exitCode = error instanceof SimvueError && error.code === 'SIMVUE_ERR_CONFIG' ? USAGE_ERROR : 1;
}
