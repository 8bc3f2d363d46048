import type { PendingFolder } from '../store/export-store.ts';
import { UNREACHABLE_CODES } from './delivery.ts';
import type { ItemParts } from './item-parts.ts';

const FOLDERS_AT_ONCE = 100;

/** Sends what is said of the folders that the target has: description, tags and metadata. */
export async function sendFolders(parts: ItemParts): Promise<void> {
  const { target, catalog } = parts;
  for (const folder of catalog.exports.pendingFolders(target, FOLDERS_AT_ONCE)) {
    await sendFolder(parts, folder);
    catalog.exports.settleFolder(target, folder);
  }
}

/** A folder there may be that of another user. */
async function sendFolder({ forwarding, delivery, health }: ItemParts, folder: PendingFolder): Promise<void> {
  const { path, description, tags, metadata } = folder;
  const { signal } = delivery;
  const json = { tags, metadata, ...(description === null ? {} : { description }) };
  const refused = await delivery.attempt(async () => {
    const id = await forwarding.ensureFolder(path, signal);
    await forwarding.ask({ method: 'PUT', path: `/folders/${id}`, json, signal });
  }, UNREACHABLE_CODES);
  if (refused !== undefined) health.refuse(`folder: ${refused.code}`, 1, `folder ${path}: ${refused.message}`);
}
