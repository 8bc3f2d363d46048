import { isMainThread } from 'node:worker_threads';
import { startProgramRun } from './start-program-run.ts';

/** `node --import simvue-otel/register program.js`: the run starts with the program. Threads of the program are part of it already. */
if (isMainThread) await startProgramRun();
