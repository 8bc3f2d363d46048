import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createToken } from '../../collector/dist/access/token.js';
import type { CollectorConfig } from '../../collector/dist/config.js';
import type { Scope } from '../../collector/dist/pipeline/principal.js';
import { openCatalog } from '../../collector/dist/store/sqlite-catalog.js';
import { TestCollector } from './collector-app.ts';

/** Who has a token, and for what. */
export interface TokenWish {
  readonly username: string;
  readonly scopes: readonly Scope[];
  readonly tenant?: string;
  readonly isEnabled?: boolean;
  /** Seconds; negative = it expired so long ago. */
  readonly lifetimeSeconds?: number;
  readonly isRevoked?: boolean;
}

const now = (): bigint => BigInt(Date.now()) * 1_000_000n;

/** A collector that others can reach, and that lets in only who has one of these tokens. */
export async function startGuarded<K extends string>(
  wishes: Readonly<Record<K, TokenWish>>,
  change: Partial<CollectorConfig> = {},
): Promise<{ collector: TestCollector; tokens: Readonly<Record<K, string>> }> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'simvue-guarded-'));
  const catalog = openCatalog(join(dataDirectory, 'catalog.db'), now);
  const tokens = {} as Record<K, string>;
  for (const key of Object.keys(wishes) as K[]) {
    const { username, scopes, tenant, isEnabled = true, lifetimeSeconds = 3600, isRevoked } = wishes[key];
    const { text, row } = createToken(catalog.accounts, { username, name: key, scopes, lifetimeSeconds }, now());
    tokens[key] = text;
    if (isRevoked) catalog.accounts.revokeToken(row.id);
    if (tenant !== undefined) {
      catalog.accounts.putUser({
        id: username.padEnd(22, '0'),
        username,
        fullname: '',
        email: '',
        tenant,
        isManager: false,
        isAdmin: false,
        isReadonly: false,
        isEnabled,
        isDeleted: false,
        createdUnixNano: now(),
      });
    }
  }
  await catalog.close();
  const collector = await TestCollector.start({ host: '0.0.0.0', isInsecure: true, dataDirectory, ...change });
  return { collector, tokens };
}
