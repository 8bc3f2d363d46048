import type { Command } from 'commander';
import { type ConnectOptions, given, withControl } from '../control/connect.ts';
import type { ControlClient } from '../control/control-client.ts';
import { configError } from '../errors.ts';
import { Client } from '../reading/client.ts';
import { parentRun } from '../register/parent-run.ts';

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
    '-r, --run <id>',
    'id of the run (default: SIMVUE_RUN, or the run this shell belongs to)',
  );
}

/** @throws `SIMVUE_ERR_CONFIG` when no run is named. */
export function runIdOf({ run }: RunTargetOptions): string {
  const id = run ?? (process.env['SIMVUE_RUN'] || parentRun(process.env));
  if (id !== undefined) return id;
  throw configError('--run', 'no run is named', 'Give its id, or set SIMVUE_RUN: export SIMVUE_RUN=$(simvue create).');
}

/** Calls `work` with a client and the path of the run that the options name. */
export function withRunPath<Result>(
  options: RunTargetOptions,
  work: (control: ControlClient, path: string, runId: string) => Promise<Result>,
): Promise<Result> {
  const id = runIdOf(options);
  return withControl(options, (control) => work(control, `/runs/${encodeURIComponent(id)}`, id));
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
