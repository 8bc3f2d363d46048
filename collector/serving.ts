import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FastifyBaseLogger } from 'fastify';
import { Authenticator, type RefusalReason } from './access/authenticator.ts';
import { readTlsFiles } from './access/exposure.ts';
import { PeerUser } from './access/peer-user.ts';
import { RequestRate } from './access/request-rate.ts';
import { Sessions } from './access/sessions.ts';
import { Strangers } from './access/strangers.ts';
import { createServer, type ServerOptions } from './api/server.ts';
import type { Closers } from './closers.ts';
import { BEHIND_COLLECTOR_PORT, type CollectorConfig, isLoopback } from './config.ts';
import { listen } from './listen.ts';
import { type OtlpGrpcOptions, startOtlpGrpc } from './otlp-grpc.ts';
import { registerOtlpRoutes } from './receiver/otlp-routes.ts';

/** What the ports serve. */
export interface Served
  extends Omit<
    ServerOptions,
    'authenticator' | 'sessions' | 'tls' | 'bindHost' | 'publicUrl' | 'grafanaUrl' | 'webDirectory' | 'logger'
  > {
  /** What OTLP needs, by HTTP and gRPC. */
  readonly receiving: Omit<
    OtlpGrpcOptions,
    'tls' | 'authenticator' | 'limits' | 'port' | 'onTrouble' | 'watch' | 'bindHost' | 'publicUrl'
  >;
  readonly logger: FastifyBaseLogger;
  readonly nowUnixNano: () => bigint;
}

const WEB_DIRECTORY = fileURLToPath(new URL('./web', import.meta.url));

/**
 * Listens for HTTP, and for OTLP/gRPC when it is configured, under one set of access rules.
 *
 * @returns addresses without a final slash.
 * @throws SimvueError `SIMVUE_ERR_PORT_IN_USE` or `SIMVUE_ERR_CONFIG`, naming the flag and the fix.
 */
export async function serve(
  config: CollectorConfig,
  { receiving, logger, nowUnixNano, ...served }: Served,
  closers: Closers,
): Promise<{ url: string; grpcUrl: string | undefined }> {
  const { accounts } = served.catalog;
  const onRefused = (reason: RefusalReason) => served.metrics.refusedCredentials.add(1, { reason });
  const strangers = new Strangers(() => onRefused('crowd'));
  const authenticator = new Authenticator({
    accounts,
    nowUnixNano,
    open: !isLoopback(config.host) ? 'nobody' : config.isLoopbackOpen ? 'everybody' : 'same-user',
    peers: new PeerUser(),
    rate: new RequestRate(Date.now),
    maxRequestRate: config.maxRequestRate,
    strangers,
    onRefused,
  });
  const access = {
    bindHost: config.host,
    publicUrl: config.publicUrl,
    tls: readTlsFiles(config.tls),
    authenticator,
  };
  const server = createServer({
    ...served,
    ...access,
    sessions: new Sessions(accounts, authenticator, nowUnixNano),
    grafanaUrl: config.grafanaUrl,
    webDirectory: WEB_DIRECTORY,
    logger,
  });
  registerOtlpRoutes(server, receiving);
  strangers.watch(server.server);
  closers.push(() => server.close());
  await listen(() => server.listen({ host: config.host, port: config.port }), {
    flag: '--port',
    host: config.host,
    port: config.port,
    remedy: `an OpenTelemetry Collector? Then use --behind-collector (port ${BEHIND_COLLECTOR_PORT}), or choose another --port`,
  });
  const base = `${config.tls === undefined ? 'http' : 'https'}://${config.host.includes(':') ? `[${config.host}]` : config.host}`;
  const url = `${base}:${(server.server.address() as AddressInfo).port}`;
  if (config.grpcPort === undefined) return { url, grpcUrl: undefined };
  const onTrouble = (error: unknown): void => logger.error(error);
  const grpc = await startOtlpGrpc({
    ...receiving,
    ...access,
    limits: served.limits,
    port: config.grpcPort,
    onTrouble,
    watch: (listening) => strangers.watch(listening),
  });
  closers.push(grpc.close);
  return { url, grpcUrl: `${base}:${grpc.port}` };
}
