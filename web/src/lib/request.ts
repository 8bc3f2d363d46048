import { session } from './session.svelte.ts';

interface ProblemEntry {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

/** An answer that is not 2xx, in the words of the server where it gave some. */
export class ApiError extends Error {
  readonly status: number;
  /** Parts of the request that are wrong; of a query with a list, `loc` ends in the place in it. */
  readonly entries: readonly ProblemEntry[];
  constructor(status: number, reason: string, entries: readonly ProblemEntry[] = []) {
    super(reason);
    this.status = status;
    this.entries = entries;
  }
}

export interface RequestParts<T> {
  /** How the answer is read; default: as JSON. */
  readonly read?: (response: Response) => Promise<T>;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: URLSearchParams;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** The browser sends it although the page is left. */
  readonly outlivesPage?: boolean;
}

const REASONS: Record<number, string> = {
  401: 'sign-in needed (401)',
  403: 'not allowed (403)',
  404: 'not found (404)',
  409: 'in the way (409)',
  422: 'not understood (422)',
  503: 'busy (503)',
};

/** Asks the collector and reads its answer; 401 locks the page out. @throws ApiError in words for the reader. */
export async function request<T>(
  path: string,
  { method = 'GET', query, body, signal, outlivesPage = false, read }: RequestParts<T> = {},
): Promise<T> {
  const response = await fetch(query?.size ? `${path}?${query}` : path, {
    method,
    keepalive: outlivesPage,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, 'the collector does not answer');
  });
  if (response.ok) return read ? read(response) : ((await response.json()) as T);
  if (response.status === 401) session.lockOut();
  const problem: unknown = await response.json().catch(() => undefined);
  const detail = typeof problem === 'object' && problem && 'detail' in problem ? problem.detail : undefined;
  const entries = Array.isArray(detail) ? (detail as ProblemEntry[]) : [];
  const text = typeof detail === 'string' ? detail : entries.map(({ msg }) => msg).join('; ');
  const reason = REASONS[response.status] ?? `error ${response.status}`;
  throw new ApiError(response.status, text ? `${reason}: ${text}` : reason, entries);
}

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));
