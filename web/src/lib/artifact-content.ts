import type { ArtifactView } from '../../../collector/api/contract/artifact.ts';
import { ApiError } from './request.ts';

/** Address of the content on this origin: the one in the view has the name by which the collector thinks it is reached. */
export function contentHref({ url }: Pick<ArtifactView, 'url'>): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** The first bytes of the content, all of them when they are no more than the limit. @throws ApiError */
export async function fetchContent(
  artifact: ArtifactView,
  limitBytes: number,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const headers = { range: `bytes=0-${limitBytes - 1}` };
  const asked = artifact.size > limitBytes ? { signal, headers } : { signal };
  const response = await fetch(contentHref(artifact), asked).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw new ApiError(0, 'the collector does not answer');
  });
  if (response.ok) return response.arrayBuffer();
  const reason = response.status === 403 ? 'its link has ended' : `error ${response.status}`;
  throw new ApiError(response.status, reason);
}
