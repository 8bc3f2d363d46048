import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inlineCode, readDocument, tableColumn } from './markdown.ts';

/** Pages whose tables put calls of another tracker beside ours. */
export const MIGRATION_PAGES = ['simvue', 'mlflow', 'wandb', 'tensorboard'] as const;

export const migrationPage = (name: string): string => readDocument(`docs/migration/${name}.md`);

const STATEMENT = /^(?:await |void |const |run\.|again\.|run = |client = |client\.|id = |quality = |dict\()/;

/** The calls in a column of a page's tables, in their order: one program. */
export function callsOf(page: string, column: string): string[] {
  return tableColumn(page, column)
    .flatMap(inlineCode)
    .filter((code) => STATEMENT.test(code));
}

/** The TypeScript of a page's table as one program that prints the id of its run: nothing is suppressed, what is read is not empty. */
export function callsAsProgram(page: string): string {
  const calls = callsOf(migrationPage(page), 'TypeScript').filter((call) => !call.includes('deleteRun'));
  const isWhole = calls.some((call) => call.startsWith('const run'));
  const lines = calls.map((call) =>
    call.replace(/^await (client\.get(?!ArtifactAsFile)\w+\(.*\))$/, 'notEmpty(await $1)'),
  );
  if (!isWhole) {
    const afterInit = lines.findIndex((line) => line.includes('.init(')) + 1;
    lines.splice(afterInit, 0, "const id = run.id ?? ''");
    lines.unshift('const run = new Run({ suppressErrors: false })', 'await using client = new Client()');
  }
  return [
    "import { Client, Run } from 'simvue-otel';",
    "function notEmpty(found: object) { if (Object.keys(found).length === 0) throw new Error('nothing was found'); }",
    ...lines.map((line) => `${line};`),
    'console.log(id);',
  ].join('\n');
}

/** The files that the calls are about. */
export async function writeCaseFiles(directory: string): Promise<void> {
  await mkdir(join(directory, 'results'));
  for (const name of ['case.cfg', 'mesh.msh', 'field.png', 'results/field.vtk'])
    await writeFile(join(directory, name), `content of ${name}\n`);
}
