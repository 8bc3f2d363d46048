import { request } from 'undici';
import { errorText } from './errors.ts';
import { COLLECTOR_HEADER } from './semconv.ts';

const TIMEOUT_MILLIS = 5_000;

/** What answers at the control address. */
export type ControlAnswer =
  | { readonly kind: 'collector' }
  /** Something else answers: a plain OpenTelemetry Collector, a Simvue server. */
  | { readonly kind: 'other' }
  | { readonly kind: 'unreachable'; readonly reason: string };

/**
 * Asks `<origin>/api/version` who is there.
 *
 * @param origin - base address without trailing slash.
 */
export async function askControlAddress(
  origin: string,
  headers: Readonly<Record<string, string>>,
): Promise<ControlAnswer> {
  try {
    const { body, headers: answer } = await request(`${origin}/api/version`, {
      headers: { ...headers },
      headersTimeout: TIMEOUT_MILLIS,
      bodyTimeout: TIMEOUT_MILLIS,
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    await body.dump();
    return { kind: answer[COLLECTOR_HEADER] === undefined ? 'other' : 'collector' };
  } catch (error) {
    return { kind: 'unreachable', reason: errorText(error) };
  }
}
