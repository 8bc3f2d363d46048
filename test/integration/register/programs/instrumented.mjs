// A program that watches requests as OpenTelemetry's instrumentation of undici does, and whose SDK is told where to send by the environment.
import { subscribe } from 'node:diagnostics_channel';

const requests = [];
subscribe('undici:request:create', ({ request }) => requests.push(`${request.method} ${request.path}`));
await fetch(`${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/mine`);
console.log('recorded');
for (const url = `${process.env.SIMVUE_URL}/seen`; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
  const isDelivered = (await fetch(url)).status === 204;
  if (isDelivered) break;
}
process.stdout.write(`${JSON.stringify([...new Set(requests)])}\n`);
