import type { Attributes } from '@opentelemetry/api';
import type { Delivery } from '../delivery.ts';
import { answerOfError, type DeliveryAnswer } from '../delivery-answer.ts';
import type { ControlAddress } from '../endpoints.ts';
import type { LogName } from '../frame-log.ts';
import { GridDelivery } from '../grids/grid-delivery.ts';
import type { RequestHead } from '../otlp-writer.ts';
import { POINT } from '../semconv.ts';
import { EntryList, simvueName } from './entry-list.ts';
import { RecordSender } from './record-sender.ts';
import type { RemoteRun } from './remote-run.ts';
import { readPoints, readRecords, readResource } from './request-reader.ts';
import { SimvueServer } from './simvue-server.ts';

/** Without an answer for so long, the sender is told: it says so, and sends again. */
const ATTEMPT_MILLIS = 10_000;

/** Whose logs are sent. */
export interface SimvueWriter {
  /** What identifies the run, see `RemoteRuns`. */
  readonly resource: Attributes;
  readonly startUnixNano: bigint;
}

/** @param head - what stands before the payloads of the writer's requests: its resource. */
export function writerOf(head: RequestHead, startUnixNano: bigint): SimvueWriter {
  return { resource: readResource(head.request(0).body), startUnixNano };
}

/** The id of the writer's run at the server; the run is made if it is not there. */
export async function findRunId(address: ControlAddress, writer: SimvueWriter, signal: AbortSignal): Promise<string> {
  const server = SimvueServer.at(address);
  try {
    return (await runOf(server, writer, signal)).id;
  } finally {
    await server.leave();
  }
}

function runOf(
  server: SimvueServer,
  { resource, startUnixNano }: SimvueWriter,
  signal: AbortSignal,
): Promise<RemoteRun> {
  return server.runs.of({ attributes: resource }, startUnixNano, signal, false);
}

/** Delivers a log of a writer over the REST API of a Simvue server; what is delivered again after a crash is the same. */
export function connectSimvue(log: LogName, address: ControlAddress, writer: SimvueWriter): Delivery {
  const server = SimvueServer.at(address);
  if (log === 'grids') return GridDelivery.to(address, async (signal) => (await runOf(server, writer, signal)).id);
  const records = new RecordSender();
  const send =
    log === 'logs'
      ? (run: RemoteRun, body: Buffer, signal: AbortSignal) => records.send(run, readRecords(body), signal)
      : (run: RemoteRun, body: Buffer, signal: AbortSignal) => run.postMetrics(entriesOf(run, body), signal);
  return new SimvueDelivery(server, async (body, signal) => send(await runOf(server, writer, signal), body, signal));
}

function entriesOf(run: RemoteRun, body: Buffer) {
  const list = new EntryList(run.startUnixNano, () => run.nextStep());
  for (const { name, value, timeUnixNano, attributes } of readPoints(body)) {
    const { [POINT.step]: step, [POINT.time]: time } = attributes as Record<string, number | undefined>;
    list.add(simvueName(name, attributes), value, timeUnixNano, step, time);
  }
  return list.sorted();
}

class SimvueDelivery implements Delivery {
  readonly #server: SimvueServer;
  readonly #send: (body: Buffer, signal: AbortSignal) => Promise<void>;
  #request = new AbortController();

  constructor(server: SimvueServer, send: (body: Buffer, signal: AbortSignal) => Promise<void>) {
    this.#server = server;
    this.#send = send;
  }

  async post(body: Buffer): Promise<DeliveryAnswer> {
    this.#request = new AbortController();
    const signal = AbortSignal.any([this.#request.signal, AbortSignal.timeout(ATTEMPT_MILLIS)]);
    try {
      await this.#send(body, signal);
      return { kind: 'accepted' };
    } catch (error) {
      return answerOfError(error);
    }
  }

  abort(): void {
    this.#request.abort();
  }

  shutdown(): void {
    void this.#server.leave();
  }
}
