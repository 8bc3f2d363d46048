import { request } from 'undici';
import { createDispatcher } from './dispatcher.ts';
import type { ControlAddress } from './endpoints.ts';
import { errorText } from './errors.ts';
import { isTransientStatus } from './http-answer.ts';
import { wayTo } from './proxies.ts';
import { COLLECTOR_HEADER } from './semconv.ts';

const TIMEOUT_MILLIS = 5_000;

/** What answers at the control address. */
export type ControlAnswer =
  | { readonly kind: 'collector' }
  /** Has the same REST API. */
  | { readonly kind: 'simvue' }
  /** Something else answers, such as a plain OpenTelemetry Collector. */
  | { readonly kind: 'other' }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Asks `/api/version` who is there. */
export async function askControlAddress(address: ControlAddress): Promise<ControlAnswer> {
  const dispatcher = createDispatcher(address);
  try {
    const { body, headers, statusCode } = await request(`${address.url}/api/version`, {
      dispatcher,
      headers: { ...address.headers },
      headersTimeout: TIMEOUT_MILLIS,
      bodyTimeout: TIMEOUT_MILLIS,
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    const text = await body.text();
    if (headers[COLLECTOR_HEADER] !== undefined) return { kind: 'collector' };
    if (isTransientStatus(statusCode)) {
      return { kind: 'unreachable', reason: `it answers ${statusCode}${wayTo(address.url)}` };
    }
    return { kind: statusCode === 200 && /"version"/.test(text) ? 'simvue' : 'other' };
  } catch (error) {
    return { kind: 'unreachable', reason: `${errorText(error)}${wayTo(address.url)}` };
  } finally {
    await dispatcher.destroy();
  }
}
