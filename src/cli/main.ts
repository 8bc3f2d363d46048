#!/usr/bin/env node
import { CommanderError } from 'commander';
import { errorText, SimvueError } from '../errors.ts';
import { createProgram } from './program.ts';

const USAGE_ERROR = 2;

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR;
  else {
    console.error(`simvue: ${errorText(error)}`);
    process.exitCode = error instanceof SimvueError && error.code === 'SIMVUE_ERR_CONFIG' ? USAGE_ERROR : 1;
  }
}
