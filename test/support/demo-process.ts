import { TestProcess } from './child-process.ts';
import { compiledTool } from './repository.ts';

/** The program of `npm run demo`, told where to report to by the standard variable alone. */
export function startDemoProgram(otlpUrl: string, iterations: number, intervalSeconds: number): TestProcess {
  return new TestProcess(
    process.execPath,
    [
      compiledTool('examples/random-numbers.ts'),
      '--interval',
      String(intervalSeconds),
      '--iterations',
      String(iterations),
    ],
    { OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl, SIMVUE_URL: undefined },
  );
}
