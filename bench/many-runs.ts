const RUNS_PER_REQUEST = 500;
const TAGS = 100;

/** Tag of the n-th run: a hundred tags, spread evenly. */
export const tagOf = (runIndex: number): string => `tag-${runIndex % TAGS}`;

/** Creates runs over OTLP: each with a name, a folder and a tag; those with an even number are completed. */
export async function postRuns(collectorUrl: string, runs: number): Promise<void> {
  for (let first = 0; first < runs; first += RUNS_PER_REQUEST) {
    const indexes = Array.from({ length: Math.min(RUNS_PER_REQUEST, runs - first) }, (_, i) => first + i);
    const response = await fetch(`${collectorUrl}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceLogs: indexes.map(resourceLogs) }),
    });
    const text = await response.text();
    if (response.status !== 200 || text.includes('rejected'))
      throw new Error(`runs were refused: ${response.status} ${text}`);
  }
}

function resourceLogs(index: number): unknown {
  const resource = [
    string('simvue.run.id', `many-runs-${index}`),
    string('simvue.run.name', `run-${index}`),
    string('simvue.run.folder', `/many/${index % 50}`),
    string('simvue.run.tags', tagOf(index)),
  ];
  const start = control('simvue.run.start', 'running', index, 0);
  const end = control('simvue.run.end', 'completed', index, 1);
  return {
    resource: { attributes: resource },
    scopeLogs: [{ logRecords: index % 2 === 0 ? [start, end] : [start] }],
  };
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
