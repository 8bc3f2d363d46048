import type { RestReader, StepValue } from '../rest-reader.ts';
import type { LoadReport } from './load-report.ts';
import { loadMetricName, loadRunId, loadValue } from './load-values.ts';

/** What a check of every acknowledged point found. */
export interface LoadVerdict {
  readonly checkedPoints: number;
  readonly missing: number;
  readonly doubled: number;
  readonly wrong: number;
  /** Never sent, or sent without an acknowledgement and out of the last request. */
  readonly invented: number;
  /** Sent in the last request of a connection, not acknowledged, and stored all the same: allowed. */
  readonly unacknowledged: number;
}

const READERS = 4;

/** Reads every acknowledged point back through the REST API: each must be there once, with its value. */
export async function verifyLoad(rest: RestReader, report: LoadReport): Promise<LoadVerdict> {
  const verdict = { checkedPoints: 0, missing: 0, doubled: 0, wrong: 0, invented: 0, unacknowledged: 0 };
  const series = Array.from({ length: report.runs * report.metrics }, (_, index) => index).values();
  const readAll = async () => {
    for (const index of series) await verifySeries(rest, report, index, verdict);
  };
  await Promise.all(Array.from({ length: READERS }, readAll));
  return verdict;
}

async function verifySeries(
  rest: RestReader,
  report: LoadReport,
  seriesIndex: number,
  verdict: { -readonly [Key in keyof LoadVerdict]: LoadVerdict[Key] },
): Promise<void> {
  const runIndex = Math.floor(seriesIndex / report.metrics);
  const metricIndex = seriesIndex % report.metrics;
  const acknowledged = report.acknowledgedSteps[runIndex % report.connections] ?? 0;
  const sent = report.sentSteps[runIndex % report.connections] ?? 0;
  const runId = loadRunId(report.prefix, runIndex);
  const metric = loadMetricName(metricIndex);
  const points: readonly StepValue[] =
    sent === 0 ? [] : ((await rest.metricValues([runId], [metric]))[runId]?.[metric] ?? []);
  const seen = new Uint8Array(sent);
  for (const { step, value } of points) {
    if (!Number.isInteger(step) || step < 0 || step >= sent) verdict.invented++;
    else {
      if (value !== loadValue(seriesIndex, metricIndex, step)) verdict.wrong++;
      if (seen[step] !== 0) verdict.doubled++;
      else if (step >= acknowledged) verdict.unacknowledged++;
      seen[step] = 1;
    }
  }
  for (let step = 0; step < acknowledged; step++) if (seen[step] === 0) verdict.missing++;
  verdict.checkedPoints += acknowledged;
}
