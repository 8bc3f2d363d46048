import type { Command } from 'commander';
import { type AlertDefinition, checkAlert } from '../alerts/alert-definition.ts';
import { given } from '../control/connect.ts';
import { configError } from '../errors.ts';
import { type AlertTestOptions, testAlert } from './alert-test.ts';
import { addRunTarget, findRunOf, print, type RunTargetOptions, withClient } from './target.ts';
import { collect } from './values.ts';

const CONDITION = /^(.+?) is (above|below) (\S+)$|^(.+?) is (inside|outside)(?: range)? (\S+) (\S+)$/;

interface AlertOptions extends RunTargetOptions {
  readonly when?: string;
  readonly contains?: string;
  readonly window?: string;
  readonly frequency?: string;
  readonly notify: readonly string[];
  readonly abort?: boolean;
  readonly set?: string;
}

/** `simvue alert`: defines, sets and lists alerts of a run. */
export function addAlertCommand(program: Command): void {
  const command = addRunTarget(program.command('alert'))
    .description('Lists the alerts of a run, or defines or sets one.')
    .argument('[name]')
    .option('--when <condition>', "'<metric> is above <x>', is below, 'is inside <low> <high>', is outside")
    .option('--contains <text>', 'an event that holds the text')
    .option('--window <minutes>', 'over which the metric is averaged')
    .option('--frequency <minutes>', 'of evaluation')
    .option('--notify <channel>', 'channel of the collector; may be given again', collect, [])
    .option('--abort', 'stops the run')
    .option('--set <state>', 'ok or critical, of a user alert; makes it when it is not there')
    .action(alert);
  command
    .command('test')
    .configureHelp({ showGlobalOptions: true })
    .description('Tells when a rule would have fired over what the collector has of a run.')
    .requiredOption('--rule <json>', 'the rule as JSON, or a file that holds it')
    .option('--delay <time>', 'of the start of the run that is left out, in the unit of the window')
    .action(async (_options, test: Command) => {
      const options = test.optsWithGlobals<RunTargetOptions & Pick<AlertTestOptions, 'rule' | 'delay'>>();
      return testAlert({ ...options, run: await findRunOf(options) });
    });
}

async function alert(name: string | undefined, options: AlertOptions): Promise<void> {
  if (name === undefined) {
    const runId = await findRunOf(options);
    const alerts = await withClient(options, (client) => client.getAlerts(runId));
    print(
      options,
      alerts,
      alerts.map((each) => `${each.status ?? '-'}\t${each.source}\t${each.name}`).join('\n') || 'none',
    );
    return;
  }
  const { set } = options;
  if (set !== undefined && set !== 'ok' && set !== 'critical')
    throw configError('--set', `"${set}" is not ok or critical`, 'Use one of both.');
  const definition = checkAlert(definitionOf(name, options));
  const id = await findRunOf(options);
  const { Run } = await import('../run.ts');
  const run = new Run({
    ...given({ url: options.url, profile: options.profile }),
    suppressErrors: false,
    disableResourcesMetrics: true,
  });
  await run.init({ id, role: 'member' });
  run.addAlert(definition);
  if (set !== undefined) run.logAlert(name, set);
  await run.close();
  print(options, { name, set: set ?? null }, set === undefined ? `${name} is defined` : `${name} is ${set}`);
}

function definitionOf(name: string, options: AlertOptions): AlertDefinition {
  const { when, contains, window, frequency, notify, abort } = options;
  const common = {
    name,
    ...(window === undefined ? {} : { window: Number(window) }),
    ...(frequency === undefined ? {} : { frequency: Number(frequency) }),
    ...(notify.length === 0 ? {} : { notification: notify }),
    ...(abort === true ? { triggerAbort: true } : {}),
  };
  if (contains !== undefined) return { ...common, source: 'events', pattern: contains } as AlertDefinition;
  if (when === undefined) return { ...common, source: 'user' } as AlertDefinition;
  const [, metric, side, threshold, ranged, inOut, low, high] = CONDITION.exec(when) ?? [];
  if (metric !== undefined)
    return {
      ...common,
      source: 'metrics',
      metric,
      rule: `is ${side}`,
      threshold: Number(threshold),
    } as AlertDefinition;
  if (ranged !== undefined) {
    const rule = `is ${inOut} range`;
    return {
      ...common,
      source: 'metrics',
      metric: ranged,
      rule,
      rangeLow: Number(low),
      rangeHigh: Number(high),
    } as AlertDefinition;
  }
  throw configError('--when', `"${when}" is not a condition`, "For example: 'residual is above 10'.");
}
