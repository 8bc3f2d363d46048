import type { Endpoints } from '../endpoints.ts';
import { SimvueError } from '../errors.ts';
import { FRAME_KIND } from '../frame-log.ts';
import { type Frame, frameBytes, frameHead } from '../framed-log.ts';
import { RequestHead } from '../otlp-writer.ts';
import type { ProcessIdentity } from './process-identity.ts';

const FORMAT_VERSION = 1;
const RESOURCE_LENGTH_BYTES = 4;

/** Addresses to which a journal belongs, without credentials. */
export interface JournalTarget {
  readonly metrics: string;
  readonly logs: string;
  /** Present = over the REST API of a Simvue server. */
  readonly transport?: 'simvue';
}

/** What the first frame of every segment says: enough to send the others. */
export interface JournalHeader {
  readonly runId: string;
  readonly runName: string;
  /** Undefined = written offline: it may be sent to any server. */
  readonly target: JournalTarget | undefined;
  readonly writer: ProcessIdentity;
  /** Start of the run, decimal: what is sent again to a Simvue server is the same. */
  readonly startUnixNano?: string;
  readonly head: RequestHead;
}

/** The header as a whole frame: the meta is JSON, the payload the length of the encoded resource, the resource, the scope. */
export function encodeHeader(header: JournalHeader): Buffer {
  const { head, ...rest } = header;
  const meta = Buffer.from(JSON.stringify({ version: FORMAT_VERSION, ...rest }));
  const length = Buffer.alloc(RESOURCE_LENGTH_BYTES);
  length.writeUInt32LE(head.resource.length);
  const payload = Buffer.concat([length, head.resource, head.scope]);
  const frame = frameHead(FRAME_KIND.header, 0, 0, meta, payload);
  const padding = Buffer.alloc(frameBytes(meta.length, payload.length) - frame.head.length - payload.length);
  return Buffer.concat([frame.head, payload, padding]);
}

/** @throws `SIMVUE_ERR_FRAME` when a newer version of this package wrote it. */
export function decodeHeader(frame: Frame): JournalHeader {
  const { version, ...rest } = JSON.parse(frame.meta.toString()) as Omit<JournalHeader, 'head'> & { version: number };
  if (frame.kind !== FRAME_KIND.header || version !== FORMAT_VERSION) {
    throw new SimvueError('SIMVUE_ERR_FRAME', `journal of version ${version}; this package reads ${FORMAT_VERSION}`);
  }
  const scopeStart = RESOURCE_LENGTH_BYTES + frame.payload.readUInt32LE(0);
  const resource = Buffer.from(frame.payload.subarray(RESOURCE_LENGTH_BYTES, scopeStart));
  return { ...rest, head: new RequestHead(resource, Buffer.from(frame.payload.subarray(scopeStart))) };
}

/** Addresses without user names, passwords and queries. */
export function targetOf(endpoints: Endpoints, transport: 'otlp' | 'simvue' = 'otlp'): JournalTarget {
  const bare = (url: string) => {
    const { origin, pathname } = new URL(url);
    return origin + pathname;
  };
  if (transport === 'otlp') return { metrics: bare(endpoints.metrics.url), logs: bare(endpoints.logs.url) };
  const api = `${bare(endpoints.control.url).replace(/\/$/, '')}/api`;
  return { metrics: `${api}/metrics`, logs: `${api}/events`, transport };
}
