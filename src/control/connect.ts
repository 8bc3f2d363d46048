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
  const control = new ControlClient(resolveEndpoints(given, process.env).control);
  try {
    return await work(control);
  } finally {
    await control.close();
  }
}
