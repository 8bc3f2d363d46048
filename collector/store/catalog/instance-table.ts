import { TERMINAL_STATUSES } from 'simvue-otel/semconv';
import type { RunChange } from '../../pipeline/run-change.ts';
import type { InstanceRow } from '../catalog-store.ts';
import type { Database, Statement } from '../sqlite-database.ts';
import { parseMetadata } from './run-rows.ts';

/** Rows of the writers of runs. */
export class InstanceTable {
  readonly #ofRun: Statement;
  readonly #sign: Statement;
  readonly #describe: Statement;

  constructor(database: Database) {
    this.#ofRun = database.prepare('SELECT * FROM instance WHERE run = ? ORDER BY first_sign, instance', {
      bigints: true,
    });
    this.#sign = database.prepare(
      `INSERT INTO instance (run, instance, first_sign, last_sign) VALUES (?1, ?2, ?3, ?3)
       ON CONFLICT (run, instance) DO UPDATE SET
         first_sign = min(coalesce(first_sign, excluded.first_sign), excluded.first_sign),
         last_sign = max(coalesce(last_sign, excluded.last_sign), excluded.last_sign)`,
    );
    this.#describe = database.prepare(
      `INSERT INTO instance (run, instance, role, ended, system) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (run, instance) DO UPDATE SET
         role = CASE ?3 WHEN '' THEN role ELSE ?3 END,
         ended = max(ended, ?4),
         system = CASE ?5 WHEN '{}' THEN system ELSE ?5 END`,
    );
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
  describe(runId: string, change: RunChange): void {
    const { lifecycle, system } = change;
    if (system === undefined && lifecycle?.role === undefined) return;
    const ends = lifecycle !== undefined && (TERMINAL_STATUSES as readonly string[]).includes(lifecycle.status);
    this.#describe.run(runId, change.instance, lifecycle?.role ?? '', ends ? 1 : 0, JSON.stringify(system ?? {}));
  }
}
