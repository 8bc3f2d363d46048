import { TestProcess } from '../child-process.ts';
import { compiledTool } from '../repository.ts';
import type { LoadReport } from './load-report.ts';

/** The generator in a process of its own, so that it does not share the test's event loop. */
export class LoadProcess {
  readonly #process: TestProcess;

  /** @param options - as `main.ts` takes them, without the dashes: `{ runs: 20, gzip: true }`. */
  constructor(metricsUrl: string, options: Readonly<Record<string, string | number | boolean>> = {}) {
    const args = Object.entries(options).flatMap(([name, value]) =>
      value === true ? [`--${name}`] : value === false ? [] : [`--${name}`, String(value)],
    );
    this.#process = new TestProcess(process.execPath, [
      compiledTool('test/support/load/main.ts'),
      '--url',
      metricsUrl,
      ...args,
    ]);
  }

  /** Waits for the end of the load. */
  async report(): Promise<LoadReport> {
    const { code, stdout, stderr } = await this.#process.exited;
    if (code !== 0) throw new Error(`the load generator ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as LoadReport;
  }
}
