import { request } from 'undici';
import { createDispatcher } from './dispatcher.ts';
import type { ControlAddress } from './endpoints.ts';
import { errorText } from './errors.ts';
import { COLLECTOR_HEADER } from './semconv.ts';

const TIMEOUT_MILLIS = 5_000;

/** What answers at the control address. */
export type ControlAnswer =
  | { readonly kind: 'collector' }
  /** Something else answers: a plain OpenTelemetry Collector, a Simvue server. */
  | { readonly kind: 'other' }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Asks `/api/version` who is there. */
export async function askControlAddress(address: ControlAddress): Promise<ControlAnswer> {
  const dispatcher = createDispatcher(address);
  try {
    const { body, headers } = await request(`${address.url}/api/version`, {
      dispatcher,
      headers: { ...address.headers },
      headersTimeout: TIMEOUT_MILLIS,
      bodyTimeout: TIMEOUT_MILLIS,
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    await body.dump();
    return { kind: headers[COLLECTOR_HEADER] === undefined ? 'other' : 'collector' };
  } catch (error) {
    return { kind: 'unreachable', reason: errorText(error) };
  } finally {
    await dispatcher.destroy();
  }
}
