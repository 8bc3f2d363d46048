import type { RunChange } from '../../pipeline/run-change.ts';
import { isTerminal } from '../../pipeline/run-lifecycle.ts';
import type { InstanceRow, Metadata } from '../catalog-store.ts';
import type { Database, Statement } from '../sqlite-database.ts';
import { parseMetadata } from './run-rows.ts';

/** Rows of the writers of runs. */
export class InstanceTable {
  readonly #ofRun: Statement;
  readonly #sign: Statement;
  readonly #describe: Statement;
  readonly #system: Statement;

  constructor(database: Database) {
    this.#ofRun = database.prepare(
      'SELECT * FROM instance WHERE run = ? AND last_sign IS NOT NULL ORDER BY first_sign, instance',
      {
        bigints: true,
      },
    );
    this.#sign = database.prepare(
      `INSERT INTO instance (run, instance, first_sign, last_sign) VALUES (?1, ?2, ?3, ?3)
       ON CONFLICT (run, instance) DO UPDATE SET
         first_sign = min(coalesce(first_sign, excluded.first_sign), excluded.first_sign),
         last_sign = max(coalesce(last_sign, excluded.last_sign), excluded.last_sign)`,
    );
    this.#describe = database.prepare(
      `INSERT INTO instance (run, instance, role, ended, lifecycle_at, system) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (run, instance) DO UPDATE SET
         role = CASE ?3 WHEN '' THEN role ELSE ?3 END,
         ended = CASE WHEN ?5 >= lifecycle_at THEN ?4 ELSE ended END,
         lifecycle_at = max(lifecycle_at, ?5),
         system = CASE ?6 WHEN '{}' THEN system ELSE ?6 END`,
    );
    this.#system = database.prepare(
      `SELECT system FROM instance WHERE run = ? AND system <> '{}' ORDER BY role = 'member', instance LIMIT 1`,
    );
  }

  /** Resource of the owner; of several, or when nobody said so, of the first by name. */
  systemOf(runId: string): Metadata {
    return parseMetadata((this.#system.get(runId)?.['system'] as string | undefined) ?? '{}');
  }

  ofRun(runId: string): InstanceRow[] {
    return this.#ofRun.all(runId).map((row) => ({
      instance: row['instance'] as string,
      role: row['role'] as string,
      firstSignUnixNano: (row['first_sign'] as bigint | null) ?? 0n,
      lastSignUnixNano: (row['last_sign'] as bigint | null) ?? 0n,
      ended: row['ended'] === 1n,
      system: parseMetadata(row['system'] as string),
    }));
  }

  /** Merges a sign of life. */
  sign(runId: string, instance: string, timeUnixNano: bigint): void {
    this.#sign.run(runId, instance, timeUnixNano);
  }

  /** Keeps what a change says of its writer. */
  describe(runId: string, { instance, timeUnixNano, lifecycle, system }: RunChange): void {
    if (system === undefined && lifecycle === undefined) return;
    const ends = lifecycle !== undefined && isTerminal(lifecycle.status);
    const lifecycleAt = lifecycle === undefined ? -1n : timeUnixNano;
    this.#describe.run(runId, instance, lifecycle?.role ?? '', ends ? 1 : 0, lifecycleAt, JSON.stringify(system ?? {}));
  }
}
