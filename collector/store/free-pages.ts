import { asDiskError, isDiskError } from './disk-error.ts';
import type { Database, Statement } from './sqlite-database.ts';

/** Free pages that are given back to the file system when they are more than a quarter of the file, and so many; in steps. */
const LEAST_FREE_PAGES = 512;

/** Room of deleted rows in a SQLite file. */
export class FreePages {
  readonly #free: Statement;
  readonly #all: Statement;
  readonly #vacuum: Statement;

  /** @param pagesAStep - pages that one step gives back. */
  constructor(database: Database, pagesAStep: number) {
    this.#free = database.prepare('PRAGMA freelist_count');
    this.#all = database.prepare('PRAGMA page_count');
    this.#vacuum = database.prepare(`PRAGMA incremental_vacuum(${pagesAStep})`);
  }

  /** Gives a bounded number of free pages back. @returns true when there are more. */
  giveBack(): boolean {
    const free = countOf(this.#free);
    if (free < LEAST_FREE_PAGES || 4 * free < countOf(this.#all)) return false;
    this.#vacuum.all();
    // A file of an earlier version may keep its pages, and uses them again.
    return countOf(this.#free) < free;
  }
}

/** Writes a file of an earlier version anew, once, so that it can give room back; for the whole time nothing else is done. Without room for it the file stays as it is. */
export function allowGivingBack(database: Database, path: string): void {
  if (countOf(database.prepare('PRAGMA auto_vacuum')) !== 0) return;
  try {
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
  } catch (error) {
    if (!isDiskError(asDiskError(error, path))) throw error;
  }
}

const countOf = (pragma: Statement): number => Number(pragma.arrays()[0]?.[0]);
