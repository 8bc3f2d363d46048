import type { Command } from 'commander';
import { given } from '../control/connect.ts';
import { configError } from '../errors.ts';
import { Lines } from '../lines.ts';
import { FORMATS, type Format } from '../sidecar/line-readers.ts';
import { LogMetrics } from '../sidecar/log-metrics.ts';
import { addTarget, findRunOf, print, type TargetOptions } from './target.ts';
import { collect, parseMetadata } from './values.ts';

interface MonitorOptions extends TargetOptions {
  readonly run?: string;
  readonly format: string;
  readonly pattern?: string;
  readonly stepColumn: readonly string[];
  readonly timeColumn?: string;
  readonly name?: string;
  readonly folder?: string;
  readonly tag: readonly string[];
  readonly metadata: readonly string[];
}

/** `simvue monitor`: standard input as metrics, of a new run or of one that there is. */
export function addMonitorCommand(program: Command): void {
  addTarget(program.command('monitor'))
    .description('Logs what comes on standard input as metrics, until it ends.')
    .option('--format <format>', FORMATS.join(', '), 'table')
    .option('--pattern <regexp>', 'with --format pattern: named groups are metrics')
    .option(
      '--step-column <name>',
      'column, key or group that is the step (default: step); may be given again',
      collect,
      [],
    )
    .option('--time-column <name>', 'column, key or group that is the time of the run in seconds')
    .option('-r, --run <run>', 'joins this run (id or name) instead of making one')
    .option('--name <name>', 'name of the run')
    .option('--folder <path>', 'folder of the run')
    .option('--tag <tag>', 'tag; may be given again', collect, [])
    .option('--metadata <key=value>', 'metadata; may be given again', collect, [])
    .action(monitor);
}

async function monitor(options: MonitorOptions): Promise<void> {
  const { run: named, format, name, folder, tag, metadata } = options;
  if (!(FORMATS as readonly string[]).includes(format))
    throw configError('--format', `"${format}" is not known`, `Use ${FORMATS.join(', ')}.`);
  const { Run } = await import('../run.ts');
  const run = new Run({ ...given({ url: options.url, profile: options.profile }), disableResourcesMetrics: true });
  const log = { path: '-', format: format as Format, ...given({ pattern: options.pattern }) };
  const metrics = new LogMetrics(run, log, { step: options.stepColumn, time: options.timeColumn });
  const described = {
    ...given({ name, folder }),
    ...(tag.length === 0 ? {} : { tags: tag }),
    metadata: parseMetadata(metadata),
  };
  await run.init(named === undefined ? described : { id: await findRunOf(options), role: 'member' });
  print(options, { id: run.id, url: run.url ?? null }, `simvue: run "${run.name}" ${run.url ?? run.id}`);
  const lines = new Lines();
  for await (const piece of process.stdin as AsyncIterable<Buffer>)
    for (const line of lines.push(piece)) metrics.onLine(line);
  const rest = lines.end();
  if (rest !== undefined) metrics.onLine(rest);
  if (!(await run.close())) process.exitCode = 1;
}
