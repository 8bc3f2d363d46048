#!/usr/bin/env node
import { CommanderError } from 'commander';
import { errorText, SimvueError } from '../errors.ts';
import { createProgram } from './program.ts';

const USAGE_ERROR = 2;

// Who reads may stop before the end, as `head` does; `simvue run` tells its command of that.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  if (process.stdout.listenerCount('error') === 1) process.exit();
});

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR;
  else {
    console.error(`simvue: ${errorText(error)}`);
    process.exitCode = error instanceof SimvueError && error.code === 'SIMVUE_ERR_CONFIG' ? USAGE_ERROR : 1;
  }
}
