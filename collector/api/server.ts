import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { SimvueError } from 'simvue-otel/errors';
import { COLLECTOR_HEADER } from 'simvue-otel/semconv';
import { NOBODY, type Principal } from '../pipeline/principal.ts';
import { type AccessRules, createAccessCheck, type RequestAuthenticator } from './access.ts';
import { type AnswerUnknown, pathOf, watchMethods } from './allowed-methods.ts';
import type { ApiContext, ApiServer } from './api-context.ts';
import { createContentUrl } from './artifact-content.ts';
import { watchBodies } from './body-deadline.ts';
import { answerClientError } from './client-error.ts';
import { registerOpenApi } from './openapi/document.ts';
import { registerPage } from './page.ts';
import { isOverload, type Problem, toProblem } from './problem.ts';
import { readPythonJson } from './python-json.ts';
import { bringsData, checkScope, routeScope } from './route-scope.ts';
import { registerAccountRoutes } from './routes/accounts.ts';
import { registerActivityRoutes } from './routes/activity.ts';
import { registerAlertEvaluationRoutes } from './routes/alert-evaluations.ts';
import { registerAlertRoutes } from './routes/alerts.ts';
import { registerArtifactContentRoutes } from './routes/artifact-content.ts';
import { registerArtifactRoutes } from './routes/artifacts.ts';
import { registerComparisonRoute } from './routes/comparison.ts';
import { registerEventRoutes } from './routes/events.ts';
import { registerFolderEditRoutes } from './routes/folder-edits.ts';
import { registerFolderRoutes } from './routes/folders.ts';
import { registerGridRoutes } from './routes/grids.ts';
import { type Readiness, registerHealthRoutes } from './routes/health.ts';
import { registerIdentityRoutes } from './routes/identity.ts';
import { registerLiveRoute } from './routes/live.ts';
import { registerMetricSummaryRoutes } from './routes/metric-summaries.ts';
import { registerMetricRoutes } from './routes/metrics.ts';
import { registerPageSettingRoutes } from './routes/page-settings.ts';
import { registerPlotsRoute } from './routes/plots.ts';
import { registerPointRoute } from './routes/points.ts';
import { registerRunArtifactRoutes } from './routes/run-artifacts.ts';
import { registerRunEditRoutes } from './routes/run-edits.ts';
import { registerRunLinkRoutes } from './routes/run-links.ts';
import { registerRunTelemetryRoutes } from './routes/run-telemetry.ts';
import { registerRunRoutes } from './routes/runs.ts';
import { registerSessionRoutes, type SessionPort } from './routes/session.ts';
import { registerSpanRoutes } from './routes/spans.ts';
import { registerStalledRoute } from './routes/stalled-runs.ts';
import { registerStorageRoutes } from './routes/storage.ts';
import { registerTagRoutes } from './routes/tags.ts';
import { registerTokenRoutes, type TokenPort } from './routes/tokens.ts';
import type { SelfMetrics } from './self-metrics.ts';
import { compileValidator } from './validation.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any route runs. */
    principal: Principal;
  }
}

/** Contents of PEM files. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Clients may come with a certificate signed by it. */
  readonly ca?: Buffer;
}

export interface ServerOptions extends ApiContext, AccessRules {
  readonly metrics: SelfMetrics;
  readonly authenticator: RequestAuthenticator;
  readonly sessions: SessionPort & TokenPort;
  /** Undefined = plain HTTP. */
  readonly tls: TlsFiles | undefined;
  /** Until it says undefined, `/readyz` answers 503 with its reason; reads are served all the same. */
  readonly readiness: Readiness;
  /** Version of the collector, told in the header by which a client knows it from a Simvue server. */
  readonly version: string;
  /** Address of a Grafana dashboard, with `{run}`, `{from}` and `{to}` in it. */
  readonly grafanaUrl?: string | undefined;
  /** Absolute path of the built page. */
  readonly webDirectory: string;
  /** Routes of other layers below `/api`. */
  readonly extend?: ((api: FastifyInstance) => void) | undefined;
  readonly logger?: FastifyBaseLogger | undefined;
}

/** What is under way when the server closes may finish in this time. */
const CLOSE_GRACE_MILLISECONDS = 2000;
/** The client names every run of a query in the URL, some 30 bytes each. */
const MAX_HEADER_BYTES = 256 << 10;
const HEADERS_OF_EVERY_ANSWER = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/**
 * Makes the HTTP server: access rules, Simvue's REST API, the reads and the live stream of the page, the page itself, health and
 * metrics. It does not listen yet; other routes (OTLP) may be added, and stand under the same access rules. `close` lets what is under
 * way finish for two seconds.
 *
 * @throws SimvueError `SIMVUE_ERR_CONFIG` when the public URL is wrong.
 */
export function createServer(options: ServerOptions): FastifyInstance {
  const refusal = createAccessCheck(options, options.authenticator.needsToken);
  const { tls } = options;
  const server = Fastify({
    ...(tls === undefined
      ? { http: { maxHeaderSize: MAX_HEADER_BYTES } }
      : {
          https: {
            ...tls,
            requestCert: tls.ca !== undefined,
            rejectUnauthorized: false,
            maxHeaderSize: MAX_HEADER_BYTES,
          },
        }),
    ...(options.logger === undefined ? {} : { loggerInstance: options.logger }),
    logController: new LogController({ disableRequestLogging: true }),
    // What is too long is told by the schemas.
    routerOptions: { maxParamLength: MAX_HEADER_BYTES },
    // Some clients join an address that ends with a slash and a path that begins with one.
    rewriteUrl: ({ url = '/' }) => url.replace(/^\/{2,}/, '/'),
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, _request, reply) => answer(reply, toProblem(error)),
  });

  const answerUnknown = watchMethods(server);
  watchBodies(server);
  server.decorateRequest('principal');
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS_OF_EVERY_ANSWER);
    const reason = refusal(request.method, request.headers);
    if (reason !== undefined) throw new SimvueError('SIMVUE_ERR_FORBIDDEN', reason);
    request.principal = await admit(request, options);
  });
  server.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error);
    if (problem.status >= 500 && !isOverload(error))
      request.log.error({ err: error, path: pathOf(request) }, 'request failed');
    return answer(reply, problem);
  });

  // A browser keeps spare connections on which it never asked anything: closing would wait a minute for each.
  server.addHook('preClose', async () => {
    setTimeout(() => server.server.closeAllConnections(), CLOSE_GRACE_MILLISECONDS).unref();
  });

  registerHealthRoutes(server, options.readiness, options.metrics);
  registerPage(server, options.webDirectory, answerUnknown);
  server.register((scope) => registerApi(scope, options, answerUnknown), { prefix: '/api' });
  return server;
}

async function registerApi(
  scope: FastifyInstance,
  options: ServerOptions,
  answerUnknown: AnswerUnknown,
): Promise<void> {
  const api = scope.withTypeProvider<TypeBoxTypeProvider>();
  api.addHook('onRequest', async (_request, reply) => {
    reply.headers({ [COLLECTOR_HEADER]: options.version, 'cache-control': 'no-store' });
  });
  api.setNotFoundHandler(answerUnknown);

  api.setValidatorCompiler(compileValidator);
  readPythonJson(api);
  registerOpenApi(api);

  registerIdentityRoutes(api, options);
  registerSessionRoutes(api, options.sessions);
  registerTokenRoutes(api, options, options.sessions);
  registerAccountRoutes(api, options);
  registerRunRoutes(api, options);
  registerRunEditRoutes(api, options);
  registerFolderRoutes(api, options);
  registerFolderEditRoutes(api, options);
  registerTagRoutes(api, options);
  registerAlertRoutes(api, options);
  registerAlertEvaluationRoutes(api, options);
  registerActivityRoutes(api, options);
  registerRunLinkRoutes(api, options, options.grafanaUrl);
  registerGridRoutes(api, options);
  registerMetricRoutes(api, options);
  registerMetricSummaryRoutes(api, options);
  registerPointRoute(api, options);
  registerPageSettingRoutes(api, options);
  registerEventRoutes(api, options);
  registerRunTelemetryRoutes(api, options);
  registerPlotsRoute(api, options);
  registerComparisonRoute(api, options);
  registerStalledRoute(api, options);
  registerSpanRoutes(api, options);
  registerLiveRoute(api, options);
  const urlOf = createContentUrl(options.content.signer, options.publicUrl);
  registerArtifactRoutes(api, options, urlOf);
  registerRunArtifactRoutes(api, options, urlOf);
  registerStorageRoutes(api, options);
  api.register((content: ApiServer) => registerArtifactContentRoutes(content, options, options.authenticator));
  options.extend?.(scope);
}

/** @throws SimvueError `SIMVUE_ERR_UNAUTHORISED`, `SIMVUE_ERR_FORBIDDEN`, or `SIMVUE_ERR_OVERLOADED` when the tenant has no room for data. */
async function admit(
  request: FastifyRequest,
  { authenticator, limits }: Pick<ServerOptions, 'authenticator' | 'limits'>,
): Promise<Principal> {
  const { url = '' } = request.routeOptions;
  const scope = routeScope(request.method, url);
  const { headers, socket } = request;
  if (scope === 'nothing' || (scope === 'good-token' && headers.authorization === undefined)) return NOBODY;
  const principal = await authenticator.authenticate({ headers, socket, isTelemetry: url.startsWith('/v1/') });
  checkScope(principal, scope, `${request.method} ${url}`);
  if (bringsData(request.method, url)) limits.checkVolume(principal.tenant, 0);
  return principal;
}

function answer(reply: FastifyReply, { status, detail, retryAfterSeconds }: Problem): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(status).send({ detail });
}
