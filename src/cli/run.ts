import { constants } from 'node:os';
import type { Command } from 'commander';
import { given } from '../control/connect.ts';
import { configError } from '../errors.ts';
import type { Run } from '../run.ts';
import type { InitOptions } from '../run-options.ts';
import type { CommandEnd } from '../sidecar/command.ts';
import type { Format } from '../sidecar/line-readers.ts';
import type { MetricLog } from '../sidecar/log-metrics.ts';
import { collect, parseMetadata, seconds, steps } from './values.ts';

interface RunOptions {
  readonly url?: string;
  readonly name?: string;
  readonly folder?: string;
  readonly description?: string;
  readonly id?: string;
  readonly tag: readonly string[];
  readonly metadata: readonly string[];
  readonly csv: readonly string[];
  readonly tsv: readonly string[];
  readonly table: readonly string[];
  readonly jsonl: readonly string[];
  readonly keyValue: readonly string[];
  readonly pattern: readonly string[];
  readonly stepColumn: readonly string[];
  readonly timeColumn?: string;
  readonly events: readonly string[];
  readonly input: readonly string[];
  readonly code: readonly string[];
  readonly save: readonly string[];
  readonly totalSteps?: string;
  readonly output: boolean;
  readonly shell?: string;
  readonly interval?: string;
  readonly offline?: boolean;
  readonly quiet?: boolean;
  readonly profile?: string;
  readonly json?: boolean;
}

const EXIT_CODES = `
Exit code: that of the command; 126 = it cannot be executed, 127 = it is not found, 128 + n = signal n ended it. A command that
SIGTERM, SIGINT or SIGHUP ended: the same signal. 2 = wrong options.`;

/** `simvue run`: any command as a run. */
export function addRunCommand(program: Command): void {
  program
    .command('run')
    .description(
      'Runs a command as a run: its output, logs, files, resource use and end are recorded; nothing of it changes.',
    )
    .argument('[command...]', 'program and arguments, after --')
    .option('--name <name>', 'name of the run')
    .option('--folder <path>', 'folder of the run, for example /wings')
    .option('--description <text>')
    .option('--id <id>', 'id of the run, 1 to 128 characters')
    .option('--tag <tag>', 'tag; may be given again', collect, [])
    .option('--metadata <key=value>', 'metadata; may be given again', collect, [])
    .option('--csv <file>', 'metrics from columns with a header; - = what the command prints', collect, [])
    .option('--tsv <file>', 'the same, separated by tabs', collect, [])
    .option('--table <file>', 'the same, separated by spaces', collect, [])
    .option('--jsonl <file>', 'metrics from a JSON object a line', collect, [])
    .option('--key-value <file>', 'metrics from key=value or key: value', collect, [])
    .option('--pattern <file:regexp>', 'metrics from named groups of a regular expression', collect, [])
    .option(
      '--step-column <name>',
      'column, key or group that is the step (default: step); may be given again',
      collect,
      [],
    )
    .option('--time-column <name>', 'column, key or group that is the time of the run in seconds')
    .option('--total-steps <n>', 'steps that it will make: the page shows how far it is')
    .option('--events <file>', 'events from the lines of a file', collect, [])
    .option('--input <pattern>', 'saves files as input at the start', collect, [])
    .option('--code <pattern>', 'saves files as code at the start', collect, [])
    .option('--save <pattern>', "saves files as output at the end, for example 'out/**/*.vtk'", collect, [])
    .option('--no-output', 'does not record what the command prints')
    .option('--shell <script>', 'runs a shell script; MAGNUS_TRACK_* and SIMVUE_TRACK_* that it exports are tracked')
    .option('--interval <seconds>', 'between samples of CPU and memory use (default: 30)')
    .option('--offline', 'keeps everything in the journal; simvue sync sends it')
    .option('--url <address>', 'where to send (default: SIMVUE_URL or OTEL_EXPORTER_OTLP_ENDPOINT)')
    .option('-q, --quiet', 'says nothing itself')
    .option('--profile <name>', 'section [profiles.<name>] of the configuration file')
    .option('--json', 'says what it says itself, on stderr, in JSON')
    .addHelpText('after', EXIT_CODES)
    .action(run);
}

async function run(command: readonly string[], options: RunOptions): Promise<void> {
  if ((command.length === 0) === (options.shell === undefined)) {
    throw configError(
      'command',
      'there must be one, or --shell',
      'Write it after --, for example: simvue run -- ./solver.',
    );
  }
  const { Sidecar } = await import('../sidecar/sidecar.ts');
  const sidecar = new Sidecar({
    config: {
      ...given({ url: options.url, profile: options.profile }),
      ...(options.offline === true ? { mode: 'offline' } : {}),
      ...(options.interval === undefined ? {} : { resourcesMetricsInterval: seconds('--interval', options.interval) }),
      suppressErrors: true,
    },
    init: initOptions(options),
    command,
    shell: options.shell,
    logs: metricLogs(options),
    columns: { step: options.stepColumn, time: options.timeColumn },
    eventFiles: options.events,
    recordOutput: options.output,
    files: { code: options.code, input: options.input, output: options.save },
    terminal: process.stderr.isTTY && options.quiet !== true && options.json !== true ? process.stderr : undefined,
    ...(options.quiet === true ? {} : { onProblem: (message: string) => console.error(`simvue: ${message}`) }),
    onStart: (started) => options.quiet !== true && sayStart(started, options),
  });
  endLike(await sidecar.execute());
}

function initOptions({ id, name, folder, description, tag, metadata, totalSteps }: RunOptions): InitOptions {
  return {
    ...given({ id, name, folder, description }),
    ...(tag.length === 0 ? {} : { tags: tag }),
    ...(totalSteps === undefined ? {} : { totalSteps: steps('--total-steps', totalSteps) }),
    metadata: parseMetadata(metadata),
  };
}

function metricLogs(options: RunOptions): MetricLog[] {
  const files = (format: Format, paths: readonly string[]) => paths.map((path): MetricLog => ({ path, format }));
  return [
    ...files('csv', options.csv),
    ...files('tsv', options.tsv),
    ...files('table', options.table),
    ...files('jsonl', options.jsonl),
    ...files('key-value', options.keyValue),
    ...options.pattern.map(patternLog),
  ];
}

function patternLog(text: string): MetricLog {
  const separator = text.indexOf(':');
  if (separator < 1)
    throw configError('--pattern', `"${text}" has no file`, 'Write file:regexp, or -:regexp for what is printed.');
  return { path: text.slice(0, separator), format: 'pattern', pattern: text.slice(separator + 1) };
}

function sayStart({ name, id, url }: Run, { json }: RunOptions): void {
  if (id === undefined) return;
  if (json === true) console.error(JSON.stringify({ id, name, url: url ?? null }));
  else console.error(`simvue: run "${name}"${url === undefined ? ` (${id})` : ` ${url}`}`);
}

const SIGNALS_OF_USERS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** The run ends with this process, and hears from it how. */
function endLike(end: CommandEnd): void {
  if (end.kind !== 'signal') process.exitCode = end.exitCode;
  else if (SIGNALS_OF_USERS.includes(end.signal)) {
    // A natural end must not come before the signal.
    setInterval(() => undefined, 1000);
    process.kill(process.pid, end.signal);
  } else process.exitCode = 128 + constants.signals[end.signal];
}
