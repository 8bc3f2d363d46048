/** What the lines of the *Start a new run* dialog are made of. */
export interface RunWish {
  /** Address of the collector, without a final slash. */
  readonly address: string;
  /** Undefined = the collector asks for none. */
  readonly token: string | undefined;
  /** Empty = the client finds one. */
  readonly name: string;
  readonly folder: string;
  readonly tags: readonly string[];
}

/** A heading and lines to copy. */
export interface Snippet {
  readonly title: string;
  readonly code: string;
  /** Of a file with such lines. */
  readonly extension: 'sh' | 'ts' | 'py' | 'toml';
}

export const WAYS = [
  { value: 'typescript', label: 'TypeScript' },
  { value: 'python', label: 'Python OTel' },
  { value: 'environment', label: 'No code change' },
  { value: 'cli', label: 'CLI' },
  { value: 'simvue', label: 'Simvue client' },
  { value: 'shell', label: 'curl' },
] as const;
export type Way = (typeof WAYS)[number]['value'];

/** Lines that start such a run in one of the ways. */
export const snippets = (way: Way, wish: RunWish): readonly Snippet[] => MAKERS[way](wish);

const MAKERS: Record<Way, (wish: RunWish) => readonly Snippet[]> = {
  typescript: (wish) => [
    {
      title: 'Where to send. Paste it in the shell, or save it as .env',
      code: exports(simvueVariables(wish)),
      extension: 'sh',
    },
    { title: 'Log from your program (npm install simvue-otel)', code: typescript(wish), extension: 'ts' },
  ],
  python: (wish) => [
    {
      title: 'Where to send, and what the run is. Paste it in the shell',
      code: exports(otelVariables(wish)),
      extension: 'sh',
    },
    {
      title: 'Log from your program (pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http)',
      code: PYTHON,
      extension: 'py',
    },
  ],
  environment: (wish) => [
    {
      title: 'Before a program that speaks OpenTelemetry',
      code: `${exports(otelVariables(wish))}\n./my-solver`,
      extension: 'sh',
    },
  ],
  cli: (wish) => [
    { title: 'Where to send. Paste it in the shell', code: exports(simvueVariables(wish)), extension: 'sh' },
    {
      title:
        'Around any program: its output, what it prints as key=value, its resources and its end (npm install simvue-otel)',
      code: sidecar(wish),
      extension: 'sh',
    },
  ],
  simvue: (wish) => [
    { title: 'Save as simvue.toml where the program starts', code: toml(wish), extension: 'toml' },
    { title: 'Your program stays as it is', code: SIMVUE, extension: 'py' },
  ],
  shell: (wish) => [{ title: 'One point, to see that the way is open', code: curl(wish), extension: 'sh' }],
};

const simvueVariables = ({ address, token }: RunWish) => [
  ['SIMVUE_URL', address],
  ...(token === undefined ? [] : [['SIMVUE_TOKEN', token]]),
];

function otelVariables(wish: RunWish) {
  const resource = resourceOf(wish).map(([key, value]) => `${key}=${encodeValue(value)}`);
  return [
    ['OTEL_EXPORTER_OTLP_ENDPOINT', wish.address],
    ...(wish.token === undefined ? [] : [['OTEL_EXPORTER_OTLP_HEADERS', `authorization=Bearer%20${wish.token}`]]),
    ...(resource.length ? [['OTEL_RESOURCE_ATTRIBUTES', resource.join(',')]] : []),
  ];
}

function resourceOf({ name, folder, tags }: RunWish): (readonly [string, string])[] {
  const all = [
    ['simvue.run.name', name],
    ['simvue.run.folder', folder === '/' ? '' : folder],
    ['simvue.run.tags', tags.join(';')],
  ] as const;
  return all.filter(([, value]) => value !== '');
}

const exports = (variables: readonly (readonly string[])[]) =>
  variables.map(([name, value = '']) => `export ${name}=${quoteShell(value)}`).join('\n');

/** Values of OTEL_RESOURCE_ATTRIBUTES are percent-encoded; what is harmless there stays readable. */
const encodeValue = (text: string) =>
  encodeURIComponent(text).replace(/%(2F|3A|40)/g, (encoded) => decodeURIComponent(encoded));

/** A word of a POSIX shell. */
export const quoteShell = (text: string): string =>
  /^[\w./:=@%,+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

function typescript({ name, folder, tags }: RunWish): string {
  const fields = [
    ...(name ? [`name: ${JSON.stringify(name)}`] : []),
    ...(folder === '/' ? [] : [`folder: ${JSON.stringify(folder)}`]),
    ...(tags.length ? [`tags: ${JSON.stringify(tags).replaceAll('","', '", "')}`] : []),
  ];
  return `import { Run } from "simvue-otel";

await using run = new Run();
await run.init(${fields.length ? `{ ${fields.join(', ')} }` : ''});
for (let step = 0; step < 100; step++) {
  run.logMetrics({ loss: 1 / (step + 1) }, { step });
}`;
}

function sidecar({ name, folder, tags }: RunWish): string {
  const options = [
    ...(name ? ['--name', name] : []),
    ...(folder === '/' ? [] : ['--folder', folder]),
    ...tags.flatMap((tag) => ['--tag', tag]),
  ];
  return ['npx simvue run', ...options.map(quoteShell), '--key-value - -- ./my-solver'].join(' ');
}

const PYTHON = `import logging
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor

provider = LoggerProvider()
provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
run = logging.getLogger("run")
run.setLevel("INFO")
run.addHandler(LoggingHandler(logger_provider=provider))

for step in range(100):
    run.info("", extra={"event.name": "simvue.metrics", "simvue.step": step, "loss": 1 / (step + 1)})
run.info("", extra={"event.name": "simvue.run.end", "simvue.run.status": "completed"})
provider.shutdown()`;

const SIMVUE = `from simvue import Run

with Run() as run:
    run.init()
    for step in range(100):
        run.log_metrics({"loss": 1 / (step + 1)})`;

function toml({ address, token, name, folder, tags }: RunWish): string {
  const lines = [
    '[server]',
    `url = ${JSON.stringify(address)}`,
    `token = ${JSON.stringify(token ?? 'any')}`,
    '',
    '[run]',
  ];
  if (name) lines.push(`name = ${JSON.stringify(name)}`);
  lines.push(`folder = ${JSON.stringify(folder)}`);
  if (tags.length) lines.push(`tags = [${tags.map((tag) => JSON.stringify(tag)).join(', ')}]`);
  return lines.join('\n');
}

function curl(wish: RunWish): string {
  const attributes = [['simvue.run.id', wish.name || 'first'] as const, ...resourceOf(wish)].map(
    ([key, stringValue]) => ({
      key,
      value: { stringValue },
    }),
  );
  const body = JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes },
        scopeMetrics: [
          { metrics: [{ name: 'loss', gauge: { dataPoints: [{ asDouble: 0.5, timeUnixNano: 'NOW' }] } }] },
        ],
      },
    ],
  });
  const header = wish.token === undefined ? '' : ` \\\n  -H ${quoteShell(`authorization: Bearer ${wish.token}`)}`;
  const text = quoteShell(body).replace('NOW', `'$(date +%s)000000000'`);
  return `curl ${quoteShell(`${wish.address}/v1/metrics`)} -H 'content-type: application/json'${header} \\\n  -d ${text}`;
}
