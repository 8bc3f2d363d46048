/** Attributes as OTLP/JSON has them. */
type Attributes = Readonly<Record<string, string | number>>;

/** One point of a gauge, now, as an OTLP/JSON request of the run; sent by hand, so that a test decides when. */
export async function postPoint(
  collectorUrl: string,
  resource: Attributes,
  metric: string,
  step: number,
  value: number,
): Promise<void> {
  await post(`${collectorUrl}/v1/metrics`, {
    resourceMetrics: [
      {
        resource: { attributes: encode(resource) },
        scopeMetrics: [
          {
            metrics: [
              {
                name: metric,
                gauge: {
                  dataPoints: [
                    { timeUnixNano: nowUnixNano(), asDouble: value, attributes: encode({ 'simvue.step': step }) },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  });
}

/** One log record of the run, now. */
export async function postEvent(collectorUrl: string, resource: Attributes, message: string): Promise<void> {
  await post(`${collectorUrl}/v1/logs`, {
    resourceLogs: [
      {
        resource: { attributes: encode(resource) },
        scopeLogs: [
          { logRecords: [{ timeUnixNano: nowUnixNano(), severityNumber: 9, body: { stringValue: message } }] },
        ],
      },
    ],
  });
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}

function encode(attributes: Attributes): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}

const nowUnixNano = (): string => `${Date.now()}000000`;
