import { RESOURCE_METRIC } from 'simvue-otel/semconv';
import type { SeriesDefinition, Temporality } from '../pipeline/telemetry.ts';
import type { CpuRate } from './cpu-rate.ts';
import { unixNano } from './time-range.ts';

const MEBIBYTE = 1024 * 1024;

type Reader = (moment: Moment, value: number, label: LabelReader) => void;

/** What of the OpenTelemetry conventions for hosts and processes tells the use of resources. */
const READERS = new Map<string, Reader>([
  [
    'process.cpu.utilization',
    (moment, value) => {
      moment.processCpu = (moment.processCpu ?? 0) + value;
    },
  ],
  [
    'process.cpu.time',
    (moment, value) => {
      moment.processCpuSeconds = (moment.processCpuSeconds ?? 0) + value;
    },
  ],
  [
    'process.memory.usage',
    (moment, value) => {
      moment.processMemory = (moment.processMemory ?? 0) + value;
    },
  ],
  ['system.cpu.time', (moment, _value, label) => moment.cpus.add(label(CPU_KEYS))],
  [
    'system.cpu.utilization',
    (moment, value, label) => {
      moment.cpus.add(label(CPU_KEYS));
      if (label(STATE_KEYS) === 'idle') moment.idle.push(value);
    },
  ],
  [
    'system.memory.usage',
    (moment, value, label) => {
      if (label(STATE_KEYS) === 'used') moment.hostMemory = (moment.hostMemory ?? 0) + value;
    },
  ],
  [
    'system.network.io',
    (moment, value, label) => {
      const direction = label(DIRECTION_KEYS);
      moment.network.set(direction, (moment.network.get(direction) ?? 0) + value);
    },
  ],
]);
/** Keys of the same attribute in the conventions of different years. */
const STATE_KEYS = ['cpu.mode', 'system.cpu.state', 'system.memory.state', 'state'] as const;
const CPU_KEYS = ['cpu.logical_number', 'system.cpu.logical_number', 'cpu'] as const;
const DIRECTION_KEYS = ['network.io.direction', 'direction'] as const;

type LabelReader = (keys: readonly string[]) => string;

/** Values of one export: they have one time. */
interface Moment {
  readonly timeLow: number;
  readonly timeHigh: number;
  /** Share of all CPUs. */
  processCpu: number | undefined;
  /** Of all CPUs and states, since the start of the process. */
  processCpuSeconds: number | undefined;
  processMemory: number | undefined;
  hostMemory: number | undefined;
  readonly cpus: Set<string>;
  /** Idle share of each CPU. */
  readonly idle: number[];
  /** Bytes by direction. */
  readonly network: Map<string, number>;
}

/** A value under a name of ours. */
export interface UsePoint {
  readonly name: string;
  readonly unit: string;
  readonly temporality: Temporality;
  readonly timeLow: number;
  readonly timeHigh: number;
  readonly value: number;
}

/** True when a metric of this name tells the use of resources. */
export function isResourceUse(name: string): boolean {
  return READERS.has(name);
}

/**
 * Use of CPU, memory and network in our units, from what stock host and process instrumentation sends by state, CPU and device.
 *
 * Only values of one request and one time are put together: decoding depends on nothing but the request, but for the rate of a counter of
 * CPU seconds, which is between two times.
 */
export class ResourceUse {
  readonly #cpuRate: CpuRate;
  readonly #moments = new Map<string, Moment>();

  /** @param cpuRate - of the writer: its earlier requests. */
  constructor(cpuRate: CpuRate) {
    this.#cpuRate = cpuRate;
  }

  add({ name, attributes, temporality }: SeriesDefinition, timeLow: number, timeHigh: number, value: number): void {
    if (temporality === 'delta' || !Number.isFinite(value)) return;
    const label: LabelReader = (keys) => attributes.find(([key]) => keys.includes(key))?.[1] ?? '';
    READERS.get(name)?.(this.#momentAt(timeLow, timeHigh), value, label);
  }

  *points(): Generator<UsePoint> {
    for (const moment of [...this.#moments.values()].sort(byTime)) {
      const { timeLow, timeHigh, processCpu, processCpuSeconds, processMemory, hostMemory, cpus, idle, network } =
        moment;
      const point = (name: string, unit: string, value: number, temporality: Temporality = 'gauge'): UsePoint => ({
        name,
        unit,
        temporality,
        timeLow,
        timeHigh,
        value,
      });
      // A share of all CPUs says nothing of cores unless their number is there too.
      const percent =
        processCpuSeconds === undefined
          ? undefined
          : this.#cpuRate.percentAt(unixNano(timeLow, timeHigh), processCpuSeconds);
      if (processCpu !== undefined && cpus.size > 0) {
        yield point(RESOURCE_METRIC.cpuUsage, '%', 100 * processCpu * cpus.size);
      } else if (percent !== undefined) yield point(RESOURCE_METRIC.cpuUsage, '%', percent);
      if (processMemory !== undefined) yield point(RESOURCE_METRIC.memoryUsage, 'MiBy', processMemory / MEBIBYTE);
      if (idle.length > 0) yield point(RESOURCE_METRIC.hostCpu, '%', busyPercent(idle));
      if (hostMemory !== undefined) yield point(RESOURCE_METRIC.hostMemory, 'MiBy', hostMemory / MEBIBYTE);
      for (const [direction, bytes] of network) {
        yield point(RESOURCE_METRIC.hostNetworkPrefix + direction, 'MiBy', bytes / MEBIBYTE, 'cumulative');
      }
    }
  }

  #momentAt(timeLow: number, timeHigh: number): Moment {
    const key = `${timeHigh}:${timeLow}`;
    let moment = this.#moments.get(key);
    if (moment === undefined) {
      const values = {
        processCpu: undefined,
        processCpuSeconds: undefined,
        processMemory: undefined,
        hostMemory: undefined,
      };
      moment = { timeLow, timeHigh, ...values, cpus: new Set(), idle: [], network: new Map() };
      this.#moments.set(key, moment);
    }
    return moment;
  }
}

function byTime(a: Moment, b: Moment): number {
  return a.timeHigh - b.timeHigh || a.timeLow - b.timeLow;
}

/** Clocks of CPUs and of the sampler differ a little: an idle machine may seem more than idle. */
function busyPercent(idle: readonly number[]): number {
  const share = idle.reduce((sum, value) => sum + value, 0) / idle.length;
  return 100 * Math.min(1, Math.max(0, 1 - share));
}
