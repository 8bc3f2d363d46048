import { pathToFileURL } from 'node:url';
import { TestProcess } from './child-process.ts';
import { OtlpSinkServer } from './otlp-sink.ts';
import { inRepository } from './repository.ts';

const REGISTER = pathToFileURL(inRepository('dist/register/index.js')).href;

/** What a program with its own SDK delivered to its own endpoint, without times, and what it printed. */
export interface OwnTelemetry {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly requests: readonly { readonly path: string; readonly body: unknown }[];
}

/**
 * Runs a program that exports to `APPLICATION_URL`.
 *
 * @param runUrl - collector of the run; undefined = without us.
 */
export async function runOwnSdk(
  program: string,
  runUrl: string | undefined,
  node = process.execPath,
): Promise<OwnTelemetry> {
  await using application = await OtlpSinkServer.start();
  const args = runUrl === undefined ? [program] : ['--import', REGISTER, program];
  const environment = { APPLICATION_URL: application.url, ...(runUrl === undefined ? {} : { SIMVUE_URL: runUrl }) };
  const { code, stdout, stderr } = await new TestProcess(node, args, environment).exited;
  const requests = application.requests.map(({ path, body }) => ({ path, body: withoutTimes(body.toString()) }));
  return { code, stdout, stderr, requests };
}

function withoutTimes(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) => (key.endsWith('UnixNano') ? typeof value : value));
}
