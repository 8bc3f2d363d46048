import { join } from 'node:path';
import { expect } from 'vitest';
import type { SpanList } from '../../collector/api/contract/span.ts';
import { TestProcess } from './child-process.ts';
import { pythonOf } from './python-environment.ts';
import { inRepository } from './repository.ts';
import { eventually, type RestReader } from './rest-reader.ts';

/** Languages in which `examples/` has the cooling bar with the stock OpenTelemetry SDK. */
export const LANGUAGES = ['python', 'go', 'java'] as const;
export type Language = (typeof LANGUAGES)[number];
export type OtlpProtocol = 'grpc' | 'http/protobuf';

const STEPS = 200;
const BLOCKS = [0, 1, 2, 3];

/** Runs the example to its end, told by `OTEL_*` variables alone where to send what. */
export async function runExample(
  language: Language,
  runId: string,
  endpoint: string,
  protocol: OtlpProtocol,
): Promise<void> {
  const [command, ...args] = await commandOf(language);
  const program = new TestProcess(command, args, {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_RESOURCE_ATTRIBUTES: `simvue.run.id=${runId},simvue.run.name=bar in ${language}`,
  });
  const exit = await program.exited;
  expect(exit, exit.stderr).toMatchObject({ code: 0 });
  expect(exit.stderr).not.toMatch(/error|failed/i);
}

/** Waits for the end of the run and compares all it has with what the program does. */
export async function expectCoolingBar(rest: RestReader, language: Language, runId: string): Promise<void> {
  const named = async () => (await rest.runs()).data.find(({ external_id }) => external_id === runId);
  const run = await eventually(named, (one) => one?.status === 'completed', 60_000);
  if (run === undefined) throw new Error(`there is no run ${runId}`);
  expect(run.name).toBe(`bar in ${language}`);
  const lossless = async () => (await rest.metricValues([run.id], ['temperature', 'residual']))[run.id] ?? {};
  const { temperature = [], residual = [] } = await eventually(
    lossless,
    (values) => values['residual']?.length === STEPS,
  );
  expect(residual).toMatchObject(Array.from({ length: STEPS }, (_, step) => ({ step, value: 1 / (step + 1) })));
  expect(temperature.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, step) => step));
  for (const { step, value } of temperature) expect(value).toBeCloseTo(20 + 80 * Math.exp(-step / 50), 9);

  const counter = async () => (await rest.series(run.id)).data.find(({ metric }) => metric === 'steps.done');
  expect(await eventually(counter, (series) => series?.last === STEPS)).toMatchObject({ temporality: 'cumulative' });

  const events = await eventually(
    () => rest.events(run.id),
    ({ count }) => count === BLOCKS.length,
  );
  expect(events.data.map(({ message, log_level }) => [message, log_level])).toEqual(
    BLOCKS.map((block) => [`block ${block} done`, 'info']),
  );

  const { data } = await eventually(
    () => rest.get<SpanList>(`/runs/${run.id}/spans`),
    ({ count }) => count === BLOCKS.length + 1,
  );
  const [whole, ...blocks] = data;
  expect(whole).toMatchObject({ name: 'simulate', parent_span_id: '', kind: 'internal', status: 'unset' });
  expect(blocks.map(({ name, parent_span_id, attributes }) => [name, parent_span_id, attributes['block']])).toEqual(
    BLOCKS.map((block) => ['block', whole?.span_id, block]),
  );
}

/** The directory in which an example was built, now or before. */
export async function builtExample(language: 'fortran' | 'go' | 'java'): Promise<string> {
  const setup = await new TestProcess('bash', [inRepository('test/support/setup-examples.sh'), language]).exited;
  if (setup.code !== 0) throw new Error(setup.stderr);
  return setup.stdout.trim();
}

async function commandOf(language: Language): Promise<readonly [command: string, ...args: string[]]> {
  if (language === 'python') return [await pythonOf('opentelemetry'), inRepository('examples/python/cooling_bar.py')];
  const built = await builtExample(language);
  if (language === 'go') return [join(built, 'cooling-bar')];
  return ['java', '-cp', `${join(built, 'classes')}:${join(built, 'dependency')}/*`, 'CoolingBar'];
}
