import { resolveEndpoints } from '../endpoints.ts';
import { ControlClient } from './control-client.ts';

/** Where a collector is, when the environment does not say it. */
export interface ConnectOptions {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
}

/** Calls `work` with a client of the collector that the options, else `SIMVUE_URL` and `OTEL_EXPORTER_OTLP_*` name. */
export async function withControl<Result>(
  { url, token }: ConnectOptions,
  work: (control: ControlClient) => Promise<Result>,
): Promise<Result> {
  const given = { ...(url === undefined ? {} : { url }), ...(token === undefined ? {} : { token }) };
  const endpoints = resolveEndpoints(given, process.env);
  const control = new ControlClient({ url: endpoints.control, headers: endpoints.controlHeaders });
  try {
    return await work(control);
  } finally {
    await control.close();
  }
}
