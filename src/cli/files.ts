import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ArtifactCategory } from '../artifacts/artifact.ts';
import { ArtifactUploads } from '../artifacts/artifact-uploads.ts';
import { RunArtifacts } from '../artifacts/run-artifacts.ts';
import { configError, errorText } from '../errors.ts';
import { exportRunLog } from '../magnus/export-run-log.ts';
import { formatPythonJson } from '../python-json.ts';
import { POINT_FORMATS } from '../reading/point-file.ts';
import { matchingFiles } from '../sidecar/matching-files.ts';
import {
  addRunTarget,
  addTarget,
  findRunOf,
  print,
  type RunTargetOptions,
  type TargetOptions,
  withClient,
  withRunPath,
} from './target.ts';

const CATEGORIES = ['code', 'input', 'output'];
const FORMATS = ['files', 'magnus', ...POINT_FORMATS];

interface SaveOptions extends RunTargetOptions {
  readonly category: string;
  readonly name?: string;
}

interface ExportOptions extends RunTargetOptions {
  readonly format: string;
  readonly output?: string;
}

/** Commands that move files to a run and out of it. */
export function addFileCommands(program: Command): void {
  addRunTarget(program.command('save'))
    .description("Saves files, directories and patterns as artifacts: simvue save 'out/**/*.vtk'.")
    .argument('<path...>')
    .option('--category <category>', CATEGORIES.join(', '), 'output')
    .option('--name <name>', 'name of the artifact, when it is one file')
    .action(save);

  addRunTarget(program.command('export'))
    .description(
      'Writes a run to a directory with every point, event and artifact, its points to a table, or a run log of Magnus.',
    )
    .argument('[run]', 'id or name of the run')
    .option('--format <format>', FORMATS.join(', '), 'files')
    .option(
      '-o, --output <path>',
      'directory (default: the id), a table (default: the id and the format), or a run log (default: standard output)',
    )
    .action(exportRun);

  addTarget(program.command('import'))
    .description('Makes a run of a run log of Magnus and prints its id.')
    .argument('<file>', 'run log, JSON')
    .option('--catalog <directory>', 'data catalogue whose files become artifacts')
    .action(importFile);
}

function save(patterns: readonly string[], options: SaveOptions): Promise<void> {
  if (!CATEGORIES.includes(options.category))
    throw configError('--category', `"${options.category}" is not known`, `Use ${CATEGORIES.join(', ')}.`);
  return withRunPath(options, async (control, _path, runId) => {
    const artifacts = new RunArtifacts(new ArtifactUploads(control, async () => runId));
    const paths = (await Promise.all(patterns.map(matchingFiles))).flat();
    if (paths.length === 0) throw configError('path', `${patterns.join(' ')} matches no file`, 'Look at the pattern.');
    if (options.name !== undefined && paths.length > 1)
      throw configError('--name', `there are ${paths.length} files`, 'Leave it out.');
    for (const path of paths) {
      const name = options.name === undefined ? { preservePath: true } : { name: options.name };
      await artifacts.saveFile(path, options.category as ArtifactCategory, name);
    }
    print(options, { saved: paths }, `${paths.length} saved`);
  });
}

async function exportRun(named: string | undefined, options: ExportOptions): Promise<void> {
  if (!FORMATS.includes(options.format))
    throw configError('--format', `"${options.format}" is not known`, `Use ${FORMATS.join(', ')}.`);
  const runId = await findRunOf(options, named);
  if (options.format === 'magnus') {
    const text = formatPythonJson(await exportRunLog(runId, options), 4);
    if (options.output === undefined) console.log(text);
    else await writeFile(options.output, `${text}\n`);
    return;
  }
  const format = POINT_FORMATS.find((known) => known === options.format);
  if (format !== undefined) {
    const file = options.output ?? `${runId}.${format}`;
    await withClient(options, (client) => client.exportPoints({ runIds: [runId], format }, file));
    print(options, { file }, `Written to ${file}`);
    return;
  }
  const directory = options.output ?? runId;
  await withClient(options, (client) => client.exportRun(runId, directory));
  print(options, { directory }, `Written to ${directory}`);
}

async function importFile(file: string, options: TargetOptions & { readonly catalog?: string }): Promise<void> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw configError('file', errorText(error), 'Give a run log.', error);
  }
  const { url, profile, catalog } = options;
  const { importRunLog } = await import('../magnus/import-run-log.ts');
  const id = await importRunLog(text, { url, profile, catalogDirectory: catalog });
  print(options, { id }, id);
}
