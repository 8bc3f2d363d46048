import type { Command } from 'commander';
import { configError } from '../errors.ts';
import type { RunRecord } from '../reading/records.ts';
import {
  addRunTarget,
  addTarget,
  findRunOf,
  print,
  type RunTargetOptions,
  type TargetOptions,
  withClient,
} from './target.ts';
import { collect, integer } from './values.ts';

interface ListOptions extends TargetOptions {
  readonly filter: readonly string[];
  readonly sort?: string;
  readonly count: string;
}

interface Summary {
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly last: number | null;
}

/** Commands that show runs. */
export function addReadCommands(program: Command): void {
  addTarget(program.command('ls'))
    .description("Lists runs, the newest first: simvue ls --filter 'status == running' --filter 'metadata.lr < 0.01'.")
    .option('-f, --filter <condition>', 'only runs for which it holds; may be given again', collect, [])
    .option('--sort <column>', 'for example name, or -started for the newest first')
    .option('-n, --count <n>', 'most runs', '20')
    .action(list);

  addRunTarget(program.command('show'))
    .description('Shows one run: what it says of itself, and its metrics.')
    .argument('[run]', 'id or name of the run')
    .action((named: string | undefined, options: RunTargetOptions) =>
      withClient(options, async (client) => {
        const run = await client.getRun(await findRunOf(options, named));
        print(options, run, describe(run as RunRecord & { readonly metrics?: Readonly<Record<string, Summary>> }));
      }),
    );
}

function list({ filter, sort, count, ...options }: ListOptions): Promise<void> {
  const limit = integer('--count', count);
  if (limit < 1) throw configError('--count', `${count} is below 1`, 'Ask for at least one run.');
  const sortBy =
    sort === undefined ? {} : { sortBy: { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') } };
  return withClient(options, async (client) => {
    const runs = await client.getRuns({ filters: filter, limit, ...sortBy });
    const rows = runs.map(({ id, status, folder, name, created }) => [id, status, created.slice(0, 19), folder, name]);
    print(options, runs, columns([['ID', 'STATUS', 'CREATED', 'FOLDER', 'NAME'], ...rows]));
  });
}

function describe(run: RunRecord & { readonly metrics?: Readonly<Record<string, Summary>> }): string {
  const facts = [
    ['name', run.name],
    ['id', run.id],
    ['folder', run.folder],
    ['status', run.status],
    ['created', run.created],
    ['started', run.started ?? '-'],
    ['ended', run.endtime ?? '-'],
    ['tags', run.tags.join(', ') || '-'],
    ...Object.entries(run.metadata).map(([key, value]) => [`metadata.${key}`, JSON.stringify(value)]),
  ];
  const metrics = Object.entries(run.metrics ?? {});
  const text = columns(facts);
  if (metrics.length === 0) return text;
  const rows = metrics.map(([name, { count, last, min, max }]) => [
    name,
    ...[count, last, min, max].map((value) => String(value ?? '-')),
  ]);
  return `${text}\n\n${columns([['METRIC', 'POINTS', 'LAST', 'MIN', 'MAX'], ...rows])}`;
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
