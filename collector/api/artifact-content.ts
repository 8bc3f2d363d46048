import type { FastifyRequest } from 'fastify';
import { SimvueError } from 'simvue-otel/errors';
import type { Principal } from '../pipeline/principal.ts';
import { canRead, type Owned, PRIVATE } from '../pipeline/visibility.ts';
import type { ArtifactRow } from '../store/artifact-store.ts';
import type { AccessRules } from './access.ts';
import type { ApiContext } from './api-context.ts';
import type { ContentPurpose, UrlSigner } from './signed-url.ts';

/** URL by which the content can be sent or fetched without a token. */
export type ContentUrl = (request: FastifyRequest, artifactId: string, purpose: ContentPurpose) => string;

/** Below the public URL, or the address that the client asked. */
export function createContentUrl(signer: UrlSigner, publicUrl: AccessRules['publicUrl']): ContentUrl {
  return ({ protocol, host }, artifactId, purpose) => {
    const { expires, signature } = signer.sign(artifactId, purpose);
    const base = publicUrl ?? `${protocol}://${host}`;
    return `${base}/api/artifacts/${artifactId}/content?expires=${expires}&signature=${signature}`;
  };
}

/** An artifact of its own belongs to its sender alone; its runs open it to their readers. */
export function ownedArtifact({ user, tenant }: ArtifactRow): Owned {
  return { user, tenant, visibility: PRIVATE };
}

/** @throws SimvueError `SIMVUE_ERR_NOT_FOUND` when there is no such artifact, or none that the principal may read. */
export async function requireArtifact({ catalog }: ApiContext, principal: Principal, id: string): Promise<ArtifactRow> {
  const artifact = await catalog.artifacts.get(id);
  if (artifact !== undefined) {
    const isOwn = canRead(principal, ownedArtifact(artifact));
    if (isOwn || (await catalog.artifacts.runsOf(id)).some((run) => canRead(principal, run))) return artifact;
  }
  throw unknownArtifact(id);
}

export function unknownArtifact(id: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_NOT_FOUND', `artifact ${JSON.stringify(id)} is not known here: check the id`);
}
