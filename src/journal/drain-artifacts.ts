import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ArtifactManifest, invalidArtifact } from '../artifacts/artifact.ts';
import { uploadArtifact } from '../artifacts/artifact-upload.ts';
import { digestOfFile, discardContent } from '../artifacts/file-content.ts';
import { UnavailableError } from '../control/answer-error.ts';
import { ControlClient } from '../control/control-client.ts';
import { askControlAddress } from '../control-address.ts';
import type { Endpoints } from '../endpoints.ts';
import { errorText } from '../errors.ts';
import { ifThere } from '../missing-file.ts';
import { simvueRunId } from '../outlet.ts';
import type { Reports } from '../reports.ts';
import type { JournalHeader } from './journal-header.ts';
import { type ArtifactSource, type JournaledManifest, stateOf } from './noted-artifact.ts';
import { isOfThisHost } from './process-identity.ts';
import { listArtifacts } from './segment-files.ts';

export interface ArtifactDrainOptions {
  readonly endpoints: Endpoints;
  readonly reports: Reports;
  /** Ends the sending; what is not stored stays. */
  readonly signal: AbortSignal;
}

export interface DrainedArtifacts {
  readonly stored: number;
  readonly refused: number;
  readonly left: number;
}

/**
 * Stores the artifacts of a journal on the server; what the server refuses goes to the directory of rejected data, with the reason.
 *
 * The run must be known to the server: its records are sent first.
 */
export async function drainArtifacts(
  directory: string,
  header: JournalHeader,
  { endpoints, signal, reports }: ArtifactDrainOptions,
): Promise<DrainedArtifacts> {
  const isOwnHost = isOfThisHost(header.writer);
  const isSimvue = header.target?.transport === 'simvue';
  const paths = listArtifacts(directory);
  let [stored, refused] = [0, 0];
  if (paths.length === 0) return { stored, refused, left: 0 };
  // An OpenTelemetry Collector refuses what a server behind another address takes.
  const isServer = isSimvue || (await askControlAddress(endpoints.control)).kind !== 'other';
  if (!isServer) return { stored, refused, left: paths.length };
  const startUnixNano = BigInt(header.startUnixNano ?? 0);
  const runId = isSimvue ? await simvueRunId(endpoints.control, header.head, startUnixNano, signal) : header.runId;
  const control = new ControlClient(endpoints.control);
  try {
    for (const path of paths) {
      try {
        await storeOnce(control, runId, path, isOwnHost, signal);
        stored++;
      } catch (error) {
        if (error instanceof ElsewhereError) {
          reports.once(`artifact ${error.message}`, error.message);
          continue;
        }
        if (error instanceof UnavailableError || signal.aborted) break;
        await reject(path, errorText(error));
        reports.once(`artifact ${errorText(error)}`, `An artifact is refused and not sent again: ${errorText(error)}`);
        refused++;
        continue;
      }
      await rm(`${path}.json`, { force: true });
      await rm(`${path}.content`, { force: true });
    }
  } finally {
    await control.close();
  }
  return { stored, refused, left: paths.length - stored - refused };
}

/** One that an interrupted sender has stored already is not stored again. */
async function storeOnce(
  control: ControlClient,
  runId: string,
  path: string,
  isOwnHost: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { source, ...noted } = JSON.parse(await readFile(`${path}.json`, 'utf8')) as JournaledManifest;
  const manifest = source === undefined ? noted : await measured(noted, source, isOwnHost);
  const there = await control.json<readonly { name: string; checksum: string; category: string }[]>({
    method: 'GET',
    path: `/runs/${encodeURIComponent(runId)}/artifacts`,
    signal,
  });
  const { name, category, sha256 } = manifest;
  const content = source ?? { kind: 'file', path: `${path}.content`, temporaryDirectory: undefined };
  if (!there.some((each) => each.name === name && each.category === category && each.checksum === sha256)) {
    await uploadArtifact(control, runId, manifest, content, { signal });
  }
  await discardContent(content);
}

/** A file of another host that is not seen from here. */
class ElsewhereError extends Error {}

/** @throws when the file is not what it was. */
async function measured(
  manifest: ArtifactManifest,
  source: ArtifactSource,
  isOwnHost: boolean,
): Promise<ArtifactManifest> {
  const state = await stateOf(source);
  if (state === 'gone' && !isOwnHost) {
    throw new ElsewhereError(`An artifact waits on the host of its run, which can send it: ${source.path}`);
  }
  if (state !== 'same') {
    const what = state === 'gone' ? 'vanished' : 'changed';
    throw invalidArtifact(`${source.path} ${what} before "${manifest.name}" was stored`);
  }
  return manifest.sha256 === '' ? { ...manifest, ...(await digestOfFile(source.path)) } : manifest;
}

async function reject(path: string, reason: string): Promise<void> {
  const journal = join(path, '..');
  const target = join(journal, '..', 'rejected', `${basename(journal)}-${basename(path)}`);
  await mkdir(join(target, '..'), { recursive: true, mode: 0o700 });
  await writeFile(`${target}.txt`, `${reason}\n`, { mode: 0o600 });
  await ifThere(rename(`${path}.content`, `${target}.content`));
  await rename(`${path}.json`, `${target}.json`);
}
