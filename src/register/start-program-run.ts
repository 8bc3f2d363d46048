import { captureConsole } from '../bridges/console-capture.ts';
import { logOtelRecord } from '../bridges/otel-record.ts';
import { parseThreshold } from '../bridges/severity.ts';
import { loadSettings } from '../config/load-settings.ts';
import { given } from '../control/connect.ts';
import { errorText } from '../errors.ts';
import { addExitListener, removeExitListener } from '../exit-hooks.ts';
import { getTrackerContext, trackEnvironment } from '../magnus/track-this.ts';
import { Reports } from '../reports.ts';
import { followApi } from './follow-api.ts';
import { InstrumentValues } from './instrument-values.ts';
import { joining, parentRun } from './parent-run.ts';
import { ProgramRun } from './program-run.ts';

const FLUSH_MILLIS = 1000;
const DEFAULT_POLL_MILLIS = 10_000;

/**
 * Makes a run of this process: console output and OpenTelemetry logs as events, OpenTelemetry metrics, tracking variables; its
 * end is that of the process.
 *
 * `SIMVUE_CONSOLE_LEVEL` and `SIMVUE_LOG_LEVEL` are the least levels of both kinds of events, `OTEL_METRIC_EXPORT_INTERVAL` is how often
 * observable instruments are read, in milliseconds, when the program has no SDK.
 *
 * @throws `SIMVUE_ERR_CONFIG` for a setting that is wrong.
 */
export async function startProgramRun(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const consoleLevel = parseThreshold('SIMVUE_CONSOLE_LEVEL', environment['SIMVUE_CONSOLE_LEVEL']);
  const logLevel = parseThreshold('SIMVUE_LOG_LEVEL', environment['SIMVUE_LOG_LEVEL']);
  const pollMillis = Number(environment['OTEL_METRIC_EXPORT_INTERVAL']) || DEFAULT_POLL_MILLIS;
  const run = new ProgramRun(given({ url: ownUrl() }));
  const reports = new Reports();
  let isOver = false;
  const values = new InstrumentValues((...points) => !isOver && run.recordPoints(...points), reports);
  const followed = await followApi(process.argv[1], {
    values,
    onLog: (record) => !isOver && logOtelRecord(run, record, logLevel),
    onProblem: (error) =>
      reports.once('callback', `A callback of an observable instrument failed: ${errorText(error)}`),
  });
  const endCapture = captureConsole(run, consoleLevel);
  beforeTheEnd(() => {
    followed.poll();
    values.flush();
    endCapture();
    isOver = true;
  });
  const parent = parentRun(environment);
  void run.init(parent === undefined ? {} : { id: parent, role: 'member' });
  if (run.id !== undefined) Object.assign(environment, joining(run.id));
  setInterval(() => values.flush(), FLUSH_MILLIS).unref();
  setInterval(() => followed.poll(), pollMillis).unref();
  getTrackerContext(run);
  if (parent === undefined) trackEnvironment(run, environment);
}

/** Where runs go when it is said: `OTEL_EXPORTER_OTLP_*` is then the program's own SDK's alone. */
function ownUrl(): string | undefined {
  const { environment } = loadSettings({});
  return environment['SIMVUE_URL'] || environment['SIMTRACK_URL'] || undefined;
}

/** Listens before the run does, so that its end comes after what is flushed. */
function beforeTheEnd(flush: () => void): void {
  const listener = {
    onUncaught: () => undefined,
    onNaturalEnd: () => end(),
    onEnd: () => end(),
  };
  const end = () => {
    removeExitListener(listener);
    flush();
  };
  addExitListener(listener);
}
