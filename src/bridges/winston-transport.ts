import { Writable } from 'node:stream';
import type { MetadataValue } from '../attributes.ts';
import { exceptionAttributes, isError } from '../exception.ts';
import type { Run } from '../run.ts';
import { levelOfWord, reaches, type Threshold } from './severity.ts';

/** Where winston keeps the level without colours. */
const LEVEL = Symbol.for('level');
const OWN_FIELDS = new Set(['level', 'message', 'stack']);

/** A message as winston hands it to its transports: fields by name, the level under a symbol too. */
export interface WinstonInfo {
  readonly [key: string]: unknown;
  readonly [LEVEL]?: string;
}

/**
 * A winston transport: `createLogger({ transports: [new SimvueTransport(run, { level: 'info' })] })`. Other fields of a message become attributes.
 *
 * The run belongs to the program: the end of the logger does not close it.
 */
export class SimvueTransport extends Writable {
  readonly #run: Run;
  readonly #threshold: Threshold;

  /** @param options - `level`: messages below it are left out, in our order of levels; default `trace`. */
  constructor(run: Run, { level = 'trace' }: { readonly level?: Threshold } = {}) {
    super({ objectMode: true });
    this.#run = run;
    this.#threshold = level;
  }

  /** winston knows a transport by this method. */
  log(info: WinstonInfo, done: () => void): void {
    const level = levelOfWord(String(info[LEVEL] ?? info['level'] ?? 'info'));
    if (reaches(level, this.#threshold))
      this.#run.logEvent(String(info['message'] ?? ''), { level, attributes: attributesOf(info) });
    done();
  }

  /** How a stream takes a message. */
  override _write(info: WinstonInfo, _encoding: BufferEncoding, done: () => void): void {
    this.log(info, done);
  }
}

/** Errors in fields become their text; an error that was logged itself left its stack. */
function attributesOf(info: WinstonInfo): Record<string, MetadataValue> {
  const attributes: Record<string, MetadataValue> = {};
  for (const [key, value] of Object.entries(info)) {
    if (OWN_FIELDS.has(key) || value === undefined || typeof value === 'function') continue;
    if (isError(value)) Object.assign(attributes, Object.fromEntries(exceptionAttributes(value)));
    else attributes[key] = value as MetadataValue;
  }
  if (typeof info['stack'] === 'string') attributes['exception.stacktrace'] = info['stack'];
  return attributes;
}
