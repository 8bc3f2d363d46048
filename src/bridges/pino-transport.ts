import { Writable } from 'node:stream';
import type { Metadata } from '../attributes.ts';
import { errorText } from '../errors.ts';
import { Lines } from '../lines.ts';
import { parentRun } from '../register/parent-run.ts';
import { Run } from '../run.ts';
import { EXCEPTION } from '../semconv.ts';
import { NANOS_PER_MILLISECOND } from '../time.ts';
import { levelOfWord, reaches, type Threshold } from './severity.ts';

/** Settings of the pino transport. */
export interface PinoTransportOptions {
  /** Records below it are left out; default `trace`. */
  readonly level?: Threshold;
  /** Id of the run that the records belong to; default: that of `--import simvue-otel/register` or of `simvue run`. */
  readonly run?: string;
  readonly url?: string;
  readonly token?: string;
}

const LEVEL_OF_PINO = [
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
  [20, 'debug'],
] as const;
const OWN_FIELDS = new Set(['level', 'time', 'msg', 'err']);

interface PinoRecord extends Metadata {
  readonly level: number | string;
  readonly time?: number | string;
  readonly msg?: string;
  readonly err?: { readonly type?: string; readonly message?: string; readonly stack?: string };
}

/** A destination for pino in the same thread: `pino(pinoStream(run))`. */
export function pinoStream(run: Run, { level = 'trace' }: { readonly level?: Threshold } = {}): Writable {
  const lines = new Lines();
  const order = new MillisecondOrder();
  const logLine = (line: string) => logRecord(run, line, level, order);
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      for (const line of lines.push(chunk)) if (line !== '') logLine(line);
      done();
    },
    final(done) {
      const rest = lines.end();
      if (rest !== undefined) logLine(rest);
      done();
    },
  });
}

/**
 * The target of `pino({ transport: { target: 'simvue-otel/pino', options: { level, run } } })`.
 *
 * It works in a thread of its own, as a member of the run, and closes it when the logger ends.
 */
// biome-ignore lint/style/noDefaultExport: pino calls the default export of a transport
export default async function pinoTransport(options: PinoTransportOptions = {}): Promise<Writable> {
  const { level = 'trace', run: id = parentRun(process.env), ...endpoint } = options;
  const run = new Run({ ...endpoint, disableResourcesMetrics: true });
  await run.init(id === undefined ? {} : { id, role: 'member' });
  const stream = pinoStream(run, { level });
  const { _final: final } = stream;
  stream._final = (done) => final.call(stream, () => void run.close().then(() => done(), done));
  return stream;
}

/** Nanoseconds for times in milliseconds, so that records of one millisecond keep their order. */
class MillisecondOrder {
  #millis = 0;
  #count = 0n;

  unixNano(millis: number): bigint {
    this.#count = millis === this.#millis ? this.#count + 1n : 0n;
    this.#millis = millis;
    return BigInt(Math.floor(millis)) * NANOS_PER_MILLISECOND + this.#count;
  }
}

function logRecord(run: Run, line: string, threshold: Threshold, order: MillisecondOrder): void {
  let record: PinoRecord;
  try {
    record = JSON.parse(line) as PinoRecord;
  } catch (error) {
    run.logEvent(line, { attributes: { 'pino.problem': errorText(error) } });
    return;
  }
  const level =
    typeof record.level === 'string'
      ? levelOfWord(record.level)
      : (LEVEL_OF_PINO.find(([least]) => Number(record.level) >= least)?.[1] ?? 'trace');
  if (!reaches(level, threshold)) return;
  const fields = Object.fromEntries(Object.entries(record).filter(([key]) => !OWN_FIELDS.has(key)));
  const { err, time } = record;
  const exception = err && {
    [EXCEPTION.type]: err.type ?? 'Error',
    [EXCEPTION.message]: err.message ?? '',
    [EXCEPTION.stacktrace]: err.stack ?? '',
  };
  run.logEvent(record.msg ?? err?.message ?? '', {
    level,
    attributes: { ...fields, ...exception },
    ...(typeof time === 'number' ? { timestamp: order.unixNano(time) } : {}),
  });
}
