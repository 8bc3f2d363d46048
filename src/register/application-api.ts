import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MeterProvider } from '@opentelemetry/api';
import type { LoggerProvider } from '@opentelemetry/api-logs';

/** Where a copy of the API hands out its meters. */
export interface MetricsEntry {
  getMeterProvider(): MeterProvider;
}

/** Where a copy of the API hands out its loggers. */
export interface LogsEntry {
  getLoggerProvider(): LoggerProvider;
}

/** The entry points of OpenTelemetry that a program uses, in every copy that it may get. */
export interface ApplicationApi {
  readonly metrics: readonly MetricsEntry[];
  readonly logs: readonly LogsEntry[];
}

interface ApiModule {
  readonly metrics?: MetricsEntry;
  readonly logs?: LogsEntry;
}

/**
 * Loads the copies of `@opentelemetry/api` and `@opentelemetry/api-logs` that a program gets, as CommonJS and as a module.
 *
 * @param main - path of the program.
 * @returns what is there: a program without OpenTelemetry has nothing to follow.
 */
export async function applicationApi(main: string | undefined, workingDirectory: string): Promise<ApplicationApi> {
  const modules: ApiModule[] = [];
  for (const name of ['@opentelemetry/api', '@opentelemetry/api-logs']) {
    for (const base of [main, join(workingDirectory, 'index.js')]) {
      const loaded = base === undefined ? [] : await load(name, base);
      modules.push(...loaded);
      if (loaded.length > 0) break;
    }
  }
  return {
    metrics: [...new Set(modules.flatMap(({ metrics }) => metrics ?? []))],
    logs: [...new Set(modules.flatMap(({ logs }) => logs ?? []))],
  };
}

/** From 1.10 on the module and the CommonJS file of the package are two copies. */
async function load(name: string, base: string): Promise<ApiModule[]> {
  const require = createRequire(base);
  let path: string;
  try {
    path = require.resolve(name);
  } catch {
    return [];
  }
  const asModule = path.endsWith('.cjs') ? [path.replace(/\.cjs$/, '.mjs')] : [];
  const modules = await Promise.all(asModule.map((file) => import(pathToFileURL(file).href) as Promise<ApiModule>));
  return [require(path) as ApiModule, ...modules];
}
