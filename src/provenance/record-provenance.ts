import { flattenMetadata } from '../attributes.ts';
import { errorText } from '../errors.ts';
import type { Reports } from '../reports.ts';
import type { InitOptions, RunConfig } from '../run-options.ts';
import type { RunSession } from '../run-session.ts';
import { EVENT, RUN_EVENT } from '../semconv.ts';

/** Records where a run comes from, beside what its resource tells; what the program says itself has precedence. */
export async function recordProvenance(
  session: RunSession,
  { metadata = {} }: InitOptions,
  { recordShellVars = [] }: RunConfig,
  reports: Reports,
): Promise<void> {
  try {
    const { collectProvenance } = await import('./run-provenance.ts');
    const problems: string[] = [];
    const found = await collectProvenance(process.cwd(), recordShellVars);
    const attributes = flattenMetadata(found, RUN_EVENT.metadataPrefix, problems);
    for (const problem of problems) reports.few('provenance', problem);
    for (const key of flattenMetadata(metadata, RUN_EVENT.metadataPrefix, []).keys()) attributes.delete(key);
    const timeUnixNano = session.startUnixNano;
    if (attributes.size > 0) session.record(EVENT.runUpdate, { timeUnixNano, attributes }, true);
  } catch (error) {
    reports.once('provenance', `The origin of the run is not recorded: ${errorText(error)}`);
  }
}
