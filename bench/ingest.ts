import { atMost, type BenchRow, isShort, median, printRows } from './bench-report.ts';
import { type LoadShape, type OwnRoundResult, ownRound, peerRound, type RoundResult } from './ingest-round.ts';

interface Contest {
  readonly name: string;
  readonly shape: LoadShape;
  readonly rounds: number;
  /** Points a second that must be reached; 0 = more than the peer. */
  readonly least: number;
  readonly leastRatio: number;
  readonly mostMebibytes: number;
}

const seconds = (full: number): number => (isShort ? 3 : full);
const STANDARD = { runs: 20, metrics: 50, steps: 20, connections: 4 };
const CONTESTS: readonly Contest[] = [
  {
    name: 'durable ingest, 5,000-point bodies, 4 connections, 1,000 series',
    shape: { ...STANDARD, seconds: seconds(30) },
    rounds: isShort ? 1 : 3,
    least: 3e6,
    leastRatio: 2,
    mostMebibytes: 750,
  },
  {
    name: 'durable ingest, 100-point bodies, 32 connections',
    shape: { runs: 32, metrics: 10, steps: 10, connections: 32, seconds: seconds(10) },
    rounds: 1,
    least: 0,
    leastRatio: 1,
    mostMebibytes: 750,
  },
  {
    name: 'durable ingest, 5,000-point bodies, gzip',
    shape: { ...STANDARD, gzip: true, seconds: seconds(10) },
    rounds: 1,
    least: 0,
    leastRatio: 1,
    mostMebibytes: 750,
  },
  {
    name: 'durable ingest, 12,500-point bodies, 50,000 live series',
    shape: { runs: 100, metrics: 500, steps: 1, connections: 4, seconds: seconds(10) },
    rounds: 1,
    least: 0,
    leastRatio: 1,
    mostMebibytes: 1536,
  },
];

const rows: BenchRow[] = [];
const details: Record<string, { ours: OwnRoundResult[]; peer: RoundResult[] }> = {};
for (const contest of CONTESTS) {
  const ours: OwnRoundResult[] = [];
  const peer: RoundResult[] = [];
  for (let round = 0; round < contest.rounds; round++) {
    ours.push(await ownRound(contest.shape, round === 0));
    peer.push(await peerRound(contest.shape));
  }
  details[contest.name] = { ours, peer };
  rows.push(...judge(contest, ours, peer));
}
printRows(rows, details);

function judge(contest: Contest, ours: readonly OwnRoundResult[], peer: readonly RoundResult[]): BenchRow[] {
  const own = median(ours.map((round) => round.pointsPerSecond));
  const other = median(peer.map((round) => round.pointsPerSecond));
  const ownCpu = median(ours.map((round) => round.cpuNanosecondsPerPoint));
  const otherCpu = median(peer.map((round) => round.cpuNanosecondsPerPoint));
  const verdict = ours[0]?.verdict;
  const readBack = verdict?.checkedPoints ?? 0;
  const faults =
    verdict === undefined ? Number.NaN : verdict.missing + verdict.doubled + verdict.wrong + verdict.invented;
  const leastText =
    contest.least > 0
      ? `>= ${contest.least / 1e6} M points/s and ${contest.leastRatio}x the Collector`
      : 'above the Collector';
  return [
    {
      what: contest.name,
      mustReach: leastText,
      measured: `${(own / 1e6).toFixed(2)} M points/s`,
      peer: `${(other / 1e6).toFixed(2)} M points/s (Collector)`,
      ratio: `${(own / other).toFixed(1)}x`,
      reached: own >= contest.least && own / other >= contest.leastRatio,
    },
    {
      what: '— every acknowledged point read back, once',
      mustReach: '0 missing, doubled or wrong',
      measured: `${faults} of ${readBack.toLocaleString('en')}`,
      peer: '',
      ratio: '',
      reached: faults === 0 && readBack > 0,
    },
    {
      what: '— CPU per durable point',
      mustReach: '',
      measured: `${ownCpu.toFixed(0)} ns`,
      peer: `${otherCpu.toFixed(0)} ns (Collector)`,
      ratio: `${(ownCpu / otherCpu).toFixed(2)}x`,
      reached: true,
    },
    atMost(
      '— resident memory at its highest',
      median(ours.map((round) => round.peakMebibytes)),
      contest.mostMebibytes,
      'MiB',
      0,
    ),
    atMost(
      '— disk beside the data, idle afterwards',
      median(ours.map((round) => round.idleDiskMebibytes)),
      130,
      'MiB',
      0,
    ),
  ];
}
