const RUNS_PER_REQUEST = 500;
const TAGS = 100;

/** Tag of the n-th run: a hundred tags, spread evenly. */
export const tagOf = (runIndex: number): string => `tag-${runIndex % TAGS}`;

const VALUES = 1000;

/** What runs are made like. */
export interface ManyRuns {
  /** Number of metadata keys of each. */
  readonly keys: number;
  readonly idOf: (runIndex: number) => string;
}

const USUAL: ManyRuns = { keys: 20, idOf: (runIndex) => `many-runs-${runIndex}` };

/**
 * Creates runs over OTLP: each with a name, a folder, a tag and metadata keys `key-0` … of a thousand values each, numbers and words;
 * those with an even number are completed.
 */
export async function postRuns(collectorUrl: string, runs: number, like = USUAL): Promise<void> {
  await postEach(`${collectorUrl}/v1/logs`, runs, (indexes) => ({
    resourceLogs: indexes.map((index) => resourceLogs(index, like)),
  }));
}

/** Gives the runs of {@link postRuns} a point of `loss` and one of `lift`, a thousand values each. */
export async function postLastValues(collectorUrl: string, runs: number): Promise<void> {
  await postEach(`${collectorUrl}/v1/metrics`, runs, (indexes) => ({
    resourceMetrics: indexes.map((index) => ({
      resource: { attributes: [string('simvue.run.id', USUAL.idOf(index))] },
      scopeMetrics: [{ metrics: [gauge('loss', index, index % VALUES), gauge('lift', index, (index * 7) % VALUES)] }],
    })),
  }));
}

async function postEach(url: string, runs: number, bodyOf: (indexes: readonly number[]) => unknown): Promise<void> {
  for (let first = 0; first < runs; first += RUNS_PER_REQUEST) {
    const indexes = Array.from({ length: Math.min(RUNS_PER_REQUEST, runs - first) }, (_, i) => first + i);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(indexes)),
    });
    const text = await response.text();
    if (response.status !== 200 || text.includes('rejected'))
      throw new Error(`runs were refused: ${response.status} ${text}`);
  }
}

function gauge(name: string, index: number, asDouble: number): unknown {
  return { name, gauge: { dataPoints: [{ timeUnixNano: `${1_700_000_000 + index}500000000`, asDouble }] } };
}

function resourceLogs(index: number, { keys, idOf }: ManyRuns): unknown {
  const resource = [
    string('simvue.run.id', idOf(index)),
    string('simvue.run.name', `run-${index}`),
    string('simvue.run.folder', `/many/${index % 50}`),
    string('simvue.run.tags', tagOf(index)),
    ...Array.from({ length: keys }, (_, key) => metadata(index, key)),
  ];
  const start = control('simvue.run.start', 'running', index, 0);
  const end = control('simvue.run.end', 'completed', index, 1);
  return {
    resource: { attributes: resource },
    scopeLogs: [{ logRecords: index % 2 === 0 ? [start, end] : [start] }],
  };
}

/** Of an even key a number, of an odd one a word. */
function metadata(index: number, key: number): unknown {
  const value = (index * (key + 7)) % VALUES;
  const name = `simvue.run.metadata.key-${key}`;
  return key % 2 === 0 ? { key: name, value: { doubleValue: value } } : string(name, `word-${value}`);
}

function control(eventName: string, status: string, index: number, seconds: number): unknown {
  return {
    eventName,
    timeUnixNano: `${1_700_000_000 + index + seconds}000000000`,
    severityNumber: 9,
    attributes: [string('simvue.run.status', status), string('log.record.uid', `${index}-${eventName}`)],
  };
}

function string(key: string, value: string): unknown {
  return { key, value: { stringValue: value } };
}
