import { loadSettings } from '../config/load-settings.ts';
import type { Environment } from '../endpoints.ts';
import { joining } from '../register/parent-run.ts';
import type { RunConfig } from '../run-options.ts';
import { RESOURCE } from '../semconv.ts';

/**
 * Environment of a command whose telemetry, in whatever language, belongs to a run; an endpoint that its SDK has been given stays.
 *
 * @param settings - the environment with what the configuration file adds.
 */
export function childEnvironment(
  runId: string,
  { url: givenUrl, profile }: Pick<RunConfig, 'url' | 'profile'>,
  environment: Environment = process.env,
  settings: Environment = loadSettings({ ...(givenUrl && { url: givenUrl }), ...(profile && { profile }) }).environment,
): NodeJS.ProcessEnv {
  const url = givenUrl ?? (settings['SIMVUE_URL'] || settings['SIMTRACK_URL']);
  const token = settings['SIMVUE_TOKEN'] || settings['SIMTRACK_TOKEN'];
  const attributes = [environment['OTEL_RESOURCE_ATTRIBUTES'], `${RESOURCE.runId}=${encodeURIComponent(runId)}`];
  return {
    ...(url === undefined || url === '' ? {} : otelVariables(url, token, environment)),
    SIMVUE_CONSOLE_LEVEL: 'off',
    ...environment,
    ...(url && { SIMVUE_URL: url }),
    ...(token && { SIMVUE_TOKEN: token }),
    ...joining(runId),
    OTEL_RESOURCE_ATTRIBUTES: attributes.filter(Boolean).join(','),
  };
}

/** Nothing of it when the SDK has an endpoint: the credentials are not for that one. */
function otelVariables(url: string, token: string | undefined, environment: Environment): NodeJS.ProcessEnv {
  if (Object.keys(environment).some((name) => /^OTEL_EXPORTER_OTLP_.*ENDPOINT$/.test(name))) return {};
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url.replace(/\/(api\/?)?$/, ''),
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    ...(token && { OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(`Bearer ${token}`)}` }),
  };
}
