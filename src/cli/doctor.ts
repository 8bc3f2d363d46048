import { accessSync, constants } from 'node:fs';
import type { Command } from 'commander';
import { findEndpoints, loadSettings } from '../config/load-settings.ts';
import { type ConnectOptions, given } from '../control/connect.ts';
import { ControlClient } from '../control/control-client.ts';
import type { Endpoints } from '../endpoints.ts';
import { errorText } from '../errors.ts';
import { defaultSpoolDirectory, listJournals } from '../journal/spool.ts';
import { makePrivateDirectory } from '../private-directory.ts';
import { wayTo } from '../proxies.ts';
import { VERSION } from '../version.ts';
import { addTarget, print, type TargetOptions } from './target.ts';

const MAX_SKEW_SECONDS = 5;

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Commands that show the configuration and look for what is wrong with it. */
export function addDiagnosticCommands(program: Command): void {
  addTarget(program.command('config'))
    .description('Prints the addresses and settings that environment and configuration file give; never a token.')
    .action(config);
  addTarget(program.command('doctor'))
    .description(
      'Looks for what is wrong: versions, configuration, address, token, clock, journal. Exit code 1 when something is.',
    )
    .action(doctor);
}

function config(options: TargetOptions): void {
  const endpoints = endpointsOf(options);
  const { config: settings, run, problems } = loadSettings(given({ url: options.url, profile: options.profile }));
  const answer = {
    metrics: endpoints.metrics.url,
    logs: endpoints.logs.url,
    control: endpoints.control.url,
    token: hasToken(endpoints),
    journal: spoolDirectory(options),
    settings: { ...settings, ...('token' in settings ? { token: '(hidden)' } : {}) },
    run,
    problems,
  };
  const text = Object.entries(answer).map(
    ([key, value]) => `${key.padEnd(9)}${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  print(options, answer, text.join('\n'));
}

async function doctor(options: TargetOptions): Promise<void> {
  const findings: Finding[] = [
    { check: 'versions', ok: true, detail: `simvue-otel ${VERSION}, Node ${process.version}` },
  ];
  try {
    const { problems } = loadSettings(given({ url: options.url, profile: options.profile }));
    findings.push({ check: 'configuration', ok: problems.length === 0, detail: problems.join('; ') || 'no problem' });
    findings.push(...(await checkServer(endpointsOf(options))), checkJournal(spoolDirectory(options)));
  } catch (error) {
    findings.push({ check: 'configuration', ok: false, detail: errorText(error) });
  }
  print(
    options,
    findings,
    findings.map(({ check, ok, detail }) => `${ok ? 'ok  ' : 'FAIL'} ${check.padEnd(14)} ${detail}`).join('\n'),
  );
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
}

async function checkServer(endpoints: Endpoints): Promise<Finding[]> {
  const { control } = endpoints;
  const { askControlAddress } = await import('../control-address.ts');
  const answer = await askControlAddress(control);
  const address = { check: 'address', ok: answer.kind === 'collector', detail: `${control.url}${wayTo(control.url)}` };
  if (answer.kind === 'unreachable')
    return [{ ...address, detail: `${control.url} does not answer: ${answer.reason}` }];
  if (answer.kind === 'other')
    return [{ ...address, detail: `${control.url} is not a simvue-otel-collector; set SIMVUE_URL` }];
  const client = new ControlClient(control);
  try {
    const before = Date.now();
    const { headers, body } = await client.open({ method: 'GET', path: '/whoami' });
    await body.dump();
    const serverMillis = Date.parse(String(headers['date']));
    // The header has whole seconds.
    const skewSeconds = Math.round((serverMillis + 500 - (before + Date.now()) / 2) / 1000);
    const isSkewed = Math.abs(skewSeconds) > MAX_SKEW_SECONDS;
    const clock = { check: 'clock', ok: !isSkewed, detail: `${isSkewed ? skewSeconds : 0} s ahead on the collector` };
    const token = { check: 'token', ok: true, detail: hasToken(endpoints) ? 'accepted' : 'none is needed' };
    return [address, token, clock];
  } catch (error) {
    return [address, { check: 'token', ok: false, detail: errorText(error) }];
  } finally {
    await client.close();
  }
}

function checkJournal(directory: string): Finding {
  try {
    makePrivateDirectory(directory);
    accessSync(directory, constants.W_OK);
    const waiting = listJournals(directory).length;
    const detail =
      waiting === 0
        ? `${directory}, nothing waits`
        : `${directory}: ${waiting} unsent or in use; simvue sync sends them`;
    return { check: 'journal', ok: true, detail };
  } catch (error) {
    return { check: 'journal', ok: false, detail: errorText(error) };
  }
}

function endpointsOf({ url, profile }: ConnectOptions): Endpoints {
  return findEndpoints(given({ url, profile }));
}

function spoolDirectory({ url, profile }: ConnectOptions): string {
  return loadSettings(given({ url, profile })).config.spoolDirectory ?? defaultSpoolDirectory(process.env);
}

function hasToken({ control }: Endpoints): boolean {
  return 'authorization' in control.headers;
}
