import { formatTimestamp } from 'simvue-otel/time';
import { stepRate } from '../pipeline/step-rate.ts';
import { totalStepsOf } from '../pipeline/total-steps.ts';
import type { RunRow } from '../store/catalog-store.ts';
import type { StepSpan } from '../store/telemetry-store.ts';
import type { ApiContext } from './api-context.ts';
import type { RunProgress } from './contract/run.ts';

/** How far runs have come, by id; of those that run and said how many steps they will make. The store is asked only when there is one. */
export async function progressOf(
  { catalog, telemetry }: ApiContext,
  runs: readonly RunRow[],
): Promise<ReadonlyMap<string, RunProgress>> {
  const asked = runs.flatMap(({ id, status, metadata }) => {
    const total = status === 'running' ? totalStepsOf(metadata) : null;
    return total === null ? [] : [{ runId: id, sinceUnixNano: catalog.activity.wentOnAt(id) ?? 0n, total }];
  });
  if (asked.length === 0) return new Map();
  const spans = await telemetry.stepSpans(asked);
  return new Map(
    asked.flatMap(({ runId, total }, index) => {
      const span = spans[index];
      return span === undefined ? [] : [[runId, progressView(span, total)]];
    }),
  );
}

function progressView(span: StepSpan, total: number): RunProgress {
  const { stepsPerSecond, endUnixNano } = stepRate(span, total);
  return {
    step: span.lastStep,
    steps_per_second: stepsPerSecond ?? null,
    from_step: span.firstStep,
    from: formatTimestamp(span.firstTimeUnixNano),
    to: formatTimestamp(span.lastTimeUnixNano),
    expected_end: endUnixNano === undefined ? null : formatTimestamp(endUnixNano),
  };
}
