import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { addAlertCommand } from './alert.ts';
import { addCompletionCommand } from './completion.ts';
import { addDiagnosticCommands } from './doctor.ts';
import { addExamples } from './examples.ts';
import { addFileCommands } from './files.ts';
import { addMonitorCommand } from './monitor.ts';
import { addReadCommands } from './read.ts';
import { addRunCommand } from './run.ts';
import { addSyncCommand } from './sync.ts';
import { addWriteCommands } from './write.ts';

/** The command `simvue` with all its commands; what opens runs or connections is loaded by the command that does. */
export function createProgram(): Command {
  const program = new Command('simvue')
    .description('Tracks simulation and training runs with OpenTelemetry.')
    .version(VERSION)
    .exitOverride();
  addRunCommand(program);
  addWriteCommands(program);
  addAlertCommand(program);
  addFileCommands(program);
  addReadCommands(program);
  addMonitorCommand(program);
  addSyncCommand(program);
  addDiagnosticCommands(program);
  addCompletionCommand(program);
  addExamples(program);
  return program;
}
