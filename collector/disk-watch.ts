import type { pino } from 'pino';
import { errorText } from 'simvue-otel/errors';
import { every } from './every.ts';
import { DiskTrouble } from './pipeline/disk-trouble.ts';
import type { CatalogStore } from './store/catalog-store.ts';
import { isDiskError } from './store/disk-error.ts';

const PROBE_INTERVAL_MS = 1_000;
const PROBE_SETTING = 'disk-probe';
/** Name of the catalogue among the parts of {@link DiskTrouble}; the others find out by themselves when they can write again. */
export const CATALOGUE = 'catalogue';

/** What says once that the data directory cannot be written, and once that it can again. */
export function createDiskTrouble(logger: pino.Logger, directory: string): DiskTrouble {
  let since = 0;
  return new DiskTrouble((reason) => {
    if (reason === undefined) {
      const seconds = Math.round((Date.now() - since) / 1000);
      logger.warn(`data is accepted again: ${directory} could not be written for ${seconds} s`);
      return;
    }
    since = Date.now();
    logger.error(`${reason}. Nothing acknowledged is lost; make room in ${directory}, the collector goes on by itself`);
  });
}

/** Tries to write to the catalogue for as long as it could not. @returns how to stop. */
export function probeCatalogue(disk: DiskTrouble, catalog: CatalogStore): () => Promise<void> {
  return every(
    PROBE_INTERVAL_MS,
    async () => {
      if ([...disk.parts].includes(CATALOGUE)) await catalog.setSetting(PROBE_SETTING, String(Date.now()));
    },
    // The catalogue itself reports what became of the write.
    () => {},
  );
}

/** Logs what fails in the background, want of room excepted: that is said once, for all. */
export function troubleLogger(logger: pino.Logger): (what: string) => (error: unknown) => void {
  return (what) => (error) => {
    if (!isDiskError(error)) logger.error(`${what}: ${errorText(error)}`);
  };
}
