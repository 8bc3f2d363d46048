import { session } from './session.svelte.ts';

/** An answer that is not 2xx, in the words of the server where it gave some. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

export interface RequestParts {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: URLSearchParams;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

const REASONS: Record<number, string> = {
  401: 'sign-in needed (401)',
  403: 'not allowed (403)',
  404: 'not found (404)',
  409: 'in the way (409)',
  422: 'not understood (422)',
  503: 'busy (503)',
};

/** Asks the collector and reads the JSON of its answer; 401 locks the page out. @throws ApiError in words for the reader. */
export async function request<T>(path: string, { method = 'GET', query, body, signal }: RequestParts = {}): Promise<T> {
  const response = await fetch(query?.size ? `${path}?${query}` : path, {
    method,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, 'the collector does not answer');
  });
  if (response.ok) return (await response.json()) as T;
  if (response.status === 401) session.lockOut();
  const detail = detailOf(await response.json().catch(() => undefined));
  const reason = REASONS[response.status] ?? `error ${response.status}`;
  throw new ApiError(response.status, detail ? `${reason}: ${detail}` : reason);
}

/** The `detail` of an answer, which is a text or a list of what is wrong where. */
function detailOf(body: unknown): string {
  const detail = typeof body === 'object' && body && 'detail' in body ? body.detail : undefined;
  if (typeof detail === 'string') return detail;
  if (!Array.isArray(detail)) return '';
  return detail.flatMap((entry: { msg?: unknown }) => (typeof entry.msg === 'string' ? entry.msg : [])).join('; ');
}
