import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { encodeCsv } from '../artifacts/csv.ts';
import type { ControlClient } from '../control/control-client.ts';
import { SimvueError } from '../errors.ts';
import { formatTimestamp } from '../time.ts';
import { downloadToFile } from './download.ts';
import type { ValuesQuery } from './metric-values.ts';
import type { ArtifactRecord, EventRecord, MetricValues, RunRecord } from './records.ts';

/** What an export reads. */
interface Source {
  getRun(id: string): Promise<RunRecord>;
  getMetricNames(id: string): Promise<string[]>;
  getMetricValues(query: ValuesQuery): Promise<MetricValues[]>;
  events(id: string): AsyncIterable<EventRecord>;
  getArtifacts(id: string): Promise<ArtifactRecord[]>;
}

const ROWS_AT_ONCE = 10_000;

/** Writes everything about a run to a directory; one metric is in memory at a time. */
export async function exportRun(control: ControlClient, source: Source, id: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const run = await source.getRun(id);
  await writeFile(join(directory, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
  const write = (name: string, lines: AsyncIterable<string>) =>
    pipeline(Readable.from(lines), createWriteStream(join(directory, name)));
  await write('metrics-by-step.csv', metricLines(source, run.id, 'step'));
  await write('metrics-by-time.csv', metricLines(source, run.id, 'timestamp'));
  await write('events.jsonl', eventLines(source, run.id));
  for (const artifact of await source.getArtifacts(run.id)) {
    if (artifact.uploaded) await downloadToFile(control, artifact, artifactPath(directory, artifact));
  }
}

async function* metricLines(source: Source, runId: string, xAxis: 'step' | 'timestamp'): AsyncGenerator<string> {
  yield `metric,${xAxis},value\r\n`;
  for (const metric of await source.getMetricNames(runId)) {
    const [points] = await source.getMetricValues({ runIds: [runId], metrics: [metric], xAxis });
    for (let at = 0; at < (points?.x.length ?? 0); at += ROWS_AT_ONCE) {
      const x = points?.x.subarray(at, at + ROWS_AT_ONCE) ?? [];
      const rows = Array.from(x, (place, index) => ({
        metric,
        x: xAxis === 'step' ? place : timeText(place),
        value: points?.values[at + index],
      }));
      yield encodeCsv(rows).replace(/^.*\r\n/, '');
    }
  }
}

function timeText(unixSeconds: number): string {
  return `${formatTimestamp(BigInt(Math.round(unixSeconds * 1e6)) * 1000n)}Z`;
}

async function* eventLines(source: Source, runId: string): AsyncGenerator<string> {
  for await (const event of source.events(runId)) yield `${JSON.stringify(event)}\n`;
}

/** @throws `SIMVUE_ERR_INVALID_ARGUMENT` for a name that leads out of the directory. */
function artifactPath(directory: string, { category, name }: ArtifactRecord): string {
  const root = resolve(directory, 'artifacts', category);
  const path = resolve(root, `./${name}`);
  if (path.startsWith(root + sep)) return path;
  throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `artifact "${name}" would be written outside of ${directory}`);
}
