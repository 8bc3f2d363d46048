import { encode } from '@msgpack/msgpack';
import type { Command } from 'commander';
import { withControl } from '../control/connect.ts';
import { configError } from '../errors.ts';
import { LEVELS } from '../log-record.ts';
import { normalizeFolder } from '../run-options.ts';
import { TOTAL_STEPS_KEY } from '../semconv.ts';
import { ensureFolder } from '../simvue/remote-run.ts';
import { formatTimestamp } from '../time.ts';
import { addRunTarget, addTarget, print, type RunTargetOptions, type TargetOptions, withRunPath } from './target.ts';
import { collect, integer, number, parseMetadata, parseMetrics, steps } from './values.ts';

const STATUSES = ['running', 'completed', 'failed', 'terminated'];
const SIMVUE_LEVELS: Readonly<Record<string, string>> = { trace: 'debug', warn: 'warning', fatal: 'critical' };

/** Commands that make a run and write to it, for scripts in any shell. */
export function addWriteCommands(program: Command): void {
  addTarget(program.command('create'))
    .description('Makes a run and prints its id: export SIMVUE_RUN=$(simvue create --name wing-14).')
    .option('--name <name>', 'name of the run')
    .option('--folder <path>', 'folder of the run', '/')
    .option('--tag <tag>', 'tag; may be given again', collect, [])
    .option('--metadata <key=value>', 'metadata; may be given again', collect, [])
    .option('--total-steps <n>', 'steps that it will make: the page shows how far it is')
    .action(create);

  addRunTarget(program.command('log'))
    .description('Logs values of metrics at one step: simvue log --step 3 loss=0.5 accuracy=0.9.')
    .argument('<metric=value...>')
    .option('--step <n>', 'step of the values (default: the collector counts)')
    .option('--time <seconds>', 'time of the run')
    .action(log);

  addRunTarget(program.command('event'))
    .description('Logs a message: simvue event --level warn "mesh refined".')
    .argument('<message...>')
    .option('--level <level>', Object.keys(LEVELS).join(', '), 'info')
    .action(event);

  addRunTarget(program.command('metadata'))
    .description('Adds metadata or replaces what has the same key; values are JSON or text.')
    .argument('<key=value...>')
    .action((pairs: readonly string[], options: RunTargetOptions) =>
      change(options, { metadata: parseMetadata(pairs) }),
    );

  addRunTarget(program.command('tags'))
    .description('Adds tags; with --set they replace those there are.')
    .argument('<tag...>')
    .option('--set', 'replaces all tags')
    .action(tags);

  addTarget(program.command('folder'))
    .description('Makes a folder, or changes what it says.')
    .argument('<path>')
    .option('--description <text>')
    .option('--tag <tag>', 'tag; may be given again', collect, [])
    .option('--metadata <key=value>', 'metadata; may be given again', collect, [])
    .action(folder);

  addRunTarget(program.command('status'))
    .description(`Prints the status of a run, or sets it: ${STATUSES.join(', ')}.`)
    .argument('[status]')
    .action(status);

  addRunTarget(program.command('abort'))
    .description('Asks the program of a run to stop; it hears of it within ten seconds.')
    .argument('[reason...]')
    .action((words: readonly string[], options: RunTargetOptions) =>
      withRunPath(options, async (control, path) => {
        const answer = await control.json<{ status: boolean }>({
          method: 'PUT',
          path: `${path}/abort`,
          json: { reason: words.join(' ') || null },
        });
        print(options, answer, answer.status ? 'The program will be asked to stop.' : 'The run has ended already.');
      }),
    );
}

interface Describing {
  readonly tag: readonly string[];
  readonly metadata: readonly string[];
}

function create(
  options: TargetOptions &
    Describing & { readonly name?: string; readonly folder: string; readonly totalSteps?: string },
): Promise<void> {
  return withControl(options, async (control) => {
    const { name = null, tag: tags, totalSteps } = options;
    const total = totalSteps === undefined ? {} : { [TOTAL_STEPS_KEY]: steps('--total-steps', totalSteps) };
    const json = {
      name,
      folder: normalizeFolder(options.folder),
      tags,
      metadata: { ...parseMetadata(options.metadata), ...total },
      status: 'running',
    };
    const run = await control.json<{ id: string }>({ method: 'POST', path: '/runs', json });
    print(options, run, run.id);
  });
}

function log(
  pairs: readonly string[],
  options: RunTargetOptions & { readonly step?: string; readonly time?: string },
): Promise<void> {
  const step = options.step === undefined ? {} : { step: integer('--step', options.step) };
  const time = options.time === undefined ? {} : { time: number('--time', options.time) };
  const entry = { timestamp: now(), ...step, ...time, values: parseMetrics(pairs) };
  return post(options, '/metrics', (run) => ({ run, metrics: [entry] }));
}

function event(words: readonly string[], options: RunTargetOptions & { readonly level: string }): Promise<void> {
  if (!Object.hasOwn(LEVELS, options.level))
    throw configError('--level', `"${options.level}" is not a level`, `Use ${Object.keys(LEVELS).join(', ')}.`);
  const entry = {
    timestamp: now(),
    message: words.join(' '),
    log_level: SIMVUE_LEVELS[options.level] ?? options.level,
  };
  return post(options, '/events', (run) => ({ run, events: [entry] }));
}

function tags(given: readonly string[], options: RunTargetOptions & { readonly set?: boolean }): Promise<void> {
  return withRunPath(options, async (control, path) => {
    const before =
      options.set === true ? [] : (await control.json<{ tags: readonly string[] }>({ method: 'GET', path })).tags;
    await change(options, { tags: [...new Set([...before, ...given])] });
  });
}

function folder(path: string, options: TargetOptions & Describing & { readonly description?: string }): Promise<void> {
  return withControl(options, async (control) => {
    const id = await ensureFolder(control, normalizeFolder(path), AbortSignal.timeout(10_000));
    const { description, tag, metadata } = options;
    const json = {
      ...(description === undefined ? {} : { description }),
      ...(tag.length === 0 ? {} : { tags: tag }),
      ...(metadata.length === 0 ? {} : { metadata: parseMetadata(metadata) }),
    };
    if (Object.keys(json).length > 0) await control.json({ method: 'PUT', path: `/folders/${id}`, json });
    print(options, { id }, `${normalizeFolder(path)} (${id})`);
  });
}

function status(wanted: string | undefined, options: RunTargetOptions): Promise<void> {
  if (wanted === undefined) {
    return withRunPath(options, async (control, path) => {
      const run = await control.json<{ status: string }>({ method: 'GET', path });
      print(options, { status: run.status }, run.status);
    });
  }
  if (!STATUSES.includes(wanted))
    throw configError('status', `"${wanted}" cannot be set`, `Use ${STATUSES.join(', ')}.`);
  return change(options, { status: wanted, ...(wanted === 'running' ? {} : { endtime: now() }) });
}

function change(options: RunTargetOptions, json: object): Promise<void> {
  return withRunPath(options, async (control, path) => {
    const answer = await control.json<{ id: string }>({ method: 'PUT', path, json });
    if (options.json === true) print(options, answer, '');
  });
}

function post(options: RunTargetOptions, path: string, message: (runId: string) => object): Promise<void> {
  return withRunPath(options, async (control, _path, id) => {
    const answer = await control.json<{ rejected?: number; detail?: string }>({
      method: 'POST',
      path,
      msgpack: encode(message(id)),
    });
    if (answer.rejected !== undefined) throw new Error(answer.detail);
    if (options.json === true) print(options, answer, '');
  });
}

function now(): string {
  return formatTimestamp(BigInt(Date.now()) * 1_000_000n);
}
