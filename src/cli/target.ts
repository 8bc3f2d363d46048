import type { Command } from 'commander';
import { type ConnectOptions, given, withControl } from '../control/connect.ts';
import type { ControlClient } from '../control/control-client.ts';
import { findRunAmong } from '../control/find-run.ts';
import { whenRunIsKnown } from '../control/known-run.ts';
import { configError } from '../errors.ts';
import { Client } from '../reading/client.ts';
import { parentRun } from '../register/parent-run.ts';

const PARENT_MILLIS = 10_000;

/** Options that every command of a collector has. */
export interface TargetOptions extends ConnectOptions {
  /** Prints JSON for programs instead of text for people. */
  readonly json?: boolean;
}

export interface RunTargetOptions extends TargetOptions {
  readonly run?: string;
}

/** Adds the options that tell the collector, and `--json`. */
export function addTarget(command: Command): Command {
  return command
    .option('--json', 'prints JSON')
    .option('--url <address>', 'collector (default: SIMVUE_URL, OTEL_EXPORTER_OTLP_ENDPOINT, configuration file)')
    .option('--profile <name>', 'section [profiles.<name>] of the configuration file');
}

/** As {@link addTarget}, for commands about one run. */
export function addRunTarget(command: Command): Command {
  return addTarget(command).option(
    '-r, --run <run>',
    'id or name of the run (default: SIMVUE_RUN, or the run this shell belongs to)',
  );
}

/**
 * Id of the run that the options, or the environment, name by its id or name.
 *
 * @throws `SIMVUE_ERR_CONFIG` when none is named; `SIMVUE_ERR_NOT_FOUND`; `SIMVUE_ERR_CONFLICT` when several runs have the name.
 */
export async function findRunId(control: ControlClient, { run }: RunTargetOptions): Promise<string> {
  const named = run ?? (process.env['SIMVUE_RUN'] || undefined);
  if (named !== undefined) return (await findRunAmong(control, named)).id;
  const parent = parentRun(process.env);
  if (parent === undefined)
    throw configError(
      '--run',
      'no run is named',
      'Give its id or name, or set SIMVUE_RUN: export SIMVUE_RUN=$(simvue create).',
    );
  const path = `/runs/${encodeURIComponent(parent)}`;
  // The first command of a program that has just started comes before the start of its run.
  const signal = AbortSignal.timeout(PARENT_MILLIS);
  return (await whenRunIsKnown(() => control.json<{ id: string }>({ method: 'GET', path }), signal, { ref: true })).id;
}

/** As {@link findRunId}, with a connection of its own. @param named - what the command names instead of `--run`. */
export function findRunOf(options: RunTargetOptions, named?: string): Promise<string> {
  const target = named === undefined ? options : { ...options, run: named };
  return withControl(options, (control) => findRunId(control, target));
}

/** Calls `work` with a client and the path of the run that the options name. */
export function withRunPath<Result>(
  options: RunTargetOptions,
  work: (control: ControlClient, path: string, runId: string) => Promise<Result>,
): Promise<Result> {
  return withControl(options, async (control) => {
    const id = await findRunId(control, options);
    return work(control, `/runs/${id}`, id);
  });
}

/** Calls `work` with a reading client. */
export async function withClient<Result>(
  { url, token, profile }: ConnectOptions,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  await using client = new Client(given({ url, token, profile }));
  return await work(client);
}

/** Prints an answer: as JSON on one line, or as text. */
export function print({ json }: TargetOptions, answer: unknown, text: string): void {
  console.log(json === true ? JSON.stringify(answer) : text);
}
