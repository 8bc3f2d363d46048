import { once } from 'node:events';
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Principal } from '../../pipeline/principal.ts';
import type { Signal } from '../../pipeline/telemetry-batch.ts';
import { exportResponse } from '../otlp-answer.ts';
import { OtlpIntake, type OtlpIntakeOptions, type Outcome, outcomeOfError } from '../otlp-intake.ts';
import type { BodyReader } from '../request-body.ts';
import { failureTrailers, framed, readMessage } from './grpc-message.ts';

const SIGNALS = new Map<string | undefined, Signal>([
  ['/opentelemetry.proto.collector.metrics.v1.MetricsService/Export', 'metrics'],
  ['/opentelemetry.proto.collector.logs.v1.LogsService/Export', 'logs'],
  ['/opentelemetry.proto.collector.trace.v1.TraceService/Export', 'traces'],
]);
const CONTENT_TYPE = 'application/grpc';
const ACCEPTED_TYPE = /^application\/grpc(\+proto)?(;|$)/i;
const HEADERS = { ':status': 200, 'content-type': CONTENT_TYPE, 'grpc-accept-encoding': 'identity,gzip,deflate' };
const UNIMPLEMENTED = '12';

const STREAMS_A_CONNECTION = 100;
/** What of a call may wait in memory before it is read, and of all calls of a connection. */
const STREAM_WINDOW_BYTES = 256 << 10;
const CONNECTION_WINDOW_BYTES = 1 << 20;
const BODY_MILLISECONDS = 60_000;
const IDLE_MILLISECONDS = 600_000;
/** What is under way when the server closes may finish in this time. */
const CLOSE_GRACE_MILLISECONDS = 2_000;

export interface GrpcServerOptions extends OtlpIntakeOptions {
  readonly bodies: BodyReader;
  /** Who calls. @throws SimvueError `SIMVUE_ERR_UNAUTHORISED`, `SIMVUE_ERR_FORBIDDEN`, `SIMVUE_ERR_OVERLOADED` */
  readonly admit: (headers: IncomingHttpHeaders, socket: Socket) => Promise<Principal>;
  /** Contents of PEM files; undefined = plain text. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer; readonly ca?: Buffer } | undefined;
  /** Told of trouble of our own. */
  readonly onTrouble: (error: unknown) => void;
  /** Sees the connections of the server before it speaks. */
  readonly watch: (server: Server) => void;
}

/**
 * OTLP/gRPC: the Export calls of metrics, logs and traces, by the same way and with the same bounds as OTLP/HTTP.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export class GrpcServer {
  readonly #options: GrpcServerOptions;
  readonly #intake: OtlpIntake;
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();

  constructor(options: GrpcServerOptions) {
    this.#options = options;
    this.#intake = new OtlpIntake(options);
    const settings = { maxConcurrentStreams: STREAMS_A_CONNECTION, initialWindowSize: STREAM_WINDOW_BYTES };
    const { tls } = options;
    this.#server =
      tls === undefined
        ? createServer({ settings })
        : createSecureServer({ settings, ...tls, requestCert: tls.ca !== undefined, rejectUnauthorized: false });
    options.watch(this.#server);
    this.#server.on('session', (session) => this.#open(session));
    this.#server.on('stream', (stream, headers) => void this.#serve(stream, headers).catch(options.onTrouble));
  }

  /** @returns the port. @throws the system's error, such as `EADDRINUSE`. */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Accepts nothing new and lets what is under way finish for two seconds. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const session of this.#sessions) session.close();
    const late = setTimeout(() => {
      for (const session of this.#sessions) session.destroy();
    }, CLOSE_GRACE_MILLISECONDS);
    await closed;
    clearTimeout(late);
  }

  #open(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.setTimeout(IDLE_MILLISECONDS, () => session.close());
    // A connection that breaks is the client's business: it tries again.
    session.on('error', () => session.destroy());
    session.once('close', () => this.#sessions.delete(session));
  }

  async #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    // Whoever reads it is told by its end.
    stream.on('error', () => undefined);
    if (headers[':method'] !== 'POST') return refuse(stream, { ':status': 405, allow: 'POST' });
    if (!ACCEPTED_TYPE.test(headers['content-type'] ?? '')) return refuse(stream, { ':status': 415 });
    const signal = SIGNALS.get(headers[':path']);
    if (signal === undefined) {
      const message = 'not served here: metrics, logs and traces are';
      return refuse(stream, { ...HEADERS, 'grpc-status': UNIMPLEMENTED, 'grpc-message': message });
    }
    const outcome = await this.#export(signal, stream, headers);
    if (outcome === undefined || stream.closed) return;
    if (outcome.status !== 200) return refuse(stream, { ...HEADERS, ...failureTrailers(outcome) });
    stream.respond(HEADERS, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(framed(exportResponse('protobuf', signal, outcome.rejected, outcome.message)));
  }

  /** @returns undefined when the client went away. */
  async #export(signal: Signal, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<Outcome | undefined> {
    const { admit, bodies, onTrouble } = this.#options;
    const socket = stream.session?.socket;
    if (socket === undefined) return undefined;
    const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), BODY_MILLISECONDS);
    const read = () => readMessage(stream, headers, bodies).finally(() => clearTimeout(late));
    try {
      const principal = await admit(headers, socket);
      return await this.#intake.take({ signal, encoding: 'protobuf', principal, read, onTrouble });
    } catch (error) {
      return outcomeOfError(error, onTrouble);
    } finally {
      clearTimeout(late);
    }
  }
}

/** Answers without a message, and asks the client to send no more of its own. */
function refuse(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders): void {
  if (stream.closed) return;
  stream.respond(headers, { endStream: true });
  stream.close(constants.NGHTTP2_NO_ERROR);
}
