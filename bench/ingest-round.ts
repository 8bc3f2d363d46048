import { setTimeout as sleep } from 'node:timers/promises';
import { TestProcess } from '../test/support/child-process.ts';
import { CollectorProcess } from '../test/support/collector-process.ts';
import { LoadProcess } from '../test/support/load/load-process.ts';
import type { LoadReport } from '../test/support/load/load-report.ts';
import { type LoadVerdict, verifyLoad } from '../test/support/load/verify-load.ts';
import { OtelcolProcess } from '../test/support/otelcol/otelcol-process.ts';
import { compiledTool, inRepository } from '../test/support/repository.ts';
import { cpuNanoseconds, diskUse, residentMebibytes } from './process-usage.ts';

/** Options of the generator, as `test/support/load/main.ts` takes them. */
export type LoadShape = Readonly<Record<string, number | boolean>>;

/** What one system made of one load. */
export interface RoundResult {
  readonly pointsPerSecond: number;
  readonly p99Millis: number;
  readonly cpuNanosecondsPerPoint: number;
  readonly peakMebibytes: number;
  readonly answers: LoadReport['answers'];
}

/** Our round also says whether every acknowledged point was read back, and what is on disk when it is idle. */
export interface OwnRoundResult extends RoundResult {
  readonly verdict: LoadVerdict | undefined;
  readonly idleDiskMebibytes: number;
  readonly bytesPerPoint: number;
}

const IDLE_MILLIS = 5000;

/** The load against our collector with a new data directory. */
export async function ownRound(shape: LoadShape, readBack: boolean): Promise<OwnRoundResult> {
  await using collector = await CollectorProcess.start({ args: ['--max-new-runs', '1000000'] });
  const { report, result } = await measure(collector.url, collector.pid, shape);
  const verdict = readBack ? await verifyLoad(collector.rest, report) : undefined;
  await sleep(IDLE_MILLIS);
  const idle = await diskUse(collector.dataDirectory);
  await collector.stop();
  const stopped = await diskUse(collector.dataDirectory);
  return {
    ...result,
    verdict,
    idleDiskMebibytes: idle.otherBytes / (1 << 20),
    bytesPerPoint: stopped.databaseBytes / report.acknowledgedPoints,
  };
}

/** The same load against a real OpenTelemetry Collector with a queue on disk, which forwards to a sink. */
export async function peerRound(shape: LoadShape): Promise<RoundResult> {
  const sink = new TestProcess(process.execPath, [compiledTool('bench/sink.ts')]);
  const sinkUrl = (await sink.waitForOutput(/http:\S+/))[0];
  try {
    await using otelcol = await OtelcolProcess.start({
      config: inRepository('bench/otelcol-durable.yaml'),
      environment: { SINK_URL: sinkUrl },
    });
    return (await measure(otelcol.url, otelcol.pid, shape)).result;
  } finally {
    await sink.end('SIGKILL');
  }
}

async function measure(
  url: string,
  pid: number,
  shape: LoadShape,
): Promise<{ report: LoadReport; result: RoundResult }> {
  const cpuBefore = await cpuNanoseconds(pid);
  const report = await new LoadProcess(`${url}/v1/metrics`, shape).report();
  const cpu = (await cpuNanoseconds(pid)) - cpuBefore;
  const { peak } = await residentMebibytes(pid);
  return {
    report,
    result: {
      pointsPerSecond: report.pointsPerSecond,
      p99Millis: report.p99Millis,
      cpuNanosecondsPerPoint: cpu / report.acknowledgedPoints,
      peakMebibytes: peak,
      answers: report.answers,
    },
  };
}
