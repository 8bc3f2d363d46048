import type { IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { SimvueError } from 'simvue-otel/errors';
import type { AccessRules, RequestAuthenticator } from './api/access.ts';
import { createAccessCheck } from './api/access.ts';
import { checkScope } from './api/route-scope.ts';
import type { TlsFiles } from './api/server.ts';
import { listen } from './listen.ts';
import type { Principal } from './pipeline/principal.ts';
import type { TenantLimits } from './pipeline/tenant-limits.ts';
import { GrpcServer, type GrpcServerOptions } from './receiver/grpc/grpc-server.ts';

/** What OTLP/gRPC shares with OTLP/HTTP. */
export interface OtlpGrpcOptions extends Omit<GrpcServerOptions, 'admit' | 'tls'>, AccessRules {
  readonly port: number;
  readonly tls: TlsFiles | undefined;
  readonly authenticator: RequestAuthenticator;
  readonly limits: Pick<TenantLimits, 'checkVolume'>;
}

/**
 * Listens for OTLP/gRPC, under the access rules of the HTTP server.
 *
 * @throws SimvueError `SIMVUE_ERR_PORT_IN_USE` or `SIMVUE_ERR_CONFIG`, naming the flag and the fix.
 */
export async function startOtlpGrpc(options: OtlpGrpcOptions): Promise<{ port: number; close: () => Promise<void> }> {
  const { authenticator, limits, bindHost, port } = options;
  const refusal = createAccessCheck(options, authenticator.needsToken);
  const admit = async (headers: IncomingHttpHeaders, socket: Socket): Promise<Principal> => {
    const { authorization, origin, ':path': path } = headers;
    const reason = refusal('POST', { host: headers[':authority'] ?? headers.host, origin });
    if (reason !== undefined) throw new SimvueError('SIMVUE_ERR_FORBIDDEN', reason);
    const principal = await authenticator.authenticate({ headers: { authorization }, socket, isTelemetry: true });
    checkScope(principal, 'write', `POST ${path}`);
    limits.checkVolume(principal.tenant, 0);
    return principal;
  };
  const server = new GrpcServer({ ...options, admit });
  const address = {
    flag: '--grpc-port',
    host: bindHost,
    port,
    remedy: 'choose another --grpc-port, or 0 to do without OTLP/gRPC',
  };
  return { port: await listen(() => server.listen(bindHost, port), address), close: () => server.close() };
}
