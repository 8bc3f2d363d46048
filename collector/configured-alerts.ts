import { readFile } from 'node:fs/promises';
import { configError, errorText } from 'simvue-otel/errors';
import { newAlert } from './api/alert-body.ts';
import { type ChannelSettings, parseAlertsFile, type RuleEntry } from './notify/alerts-file.ts';
import type { SelectedAlert } from './pipeline/alert-rule-set.ts';

/** Channels of the file of `--alerts`, and its rules as alerts of the runs that they select. */
export interface ConfiguredAlerts {
  readonly channels: ChannelSettings;
  readonly rules: readonly SelectedAlert[];
}

/** Reads the file of `--alerts`. @throws SimvueError `SIMVUE_ERR_CONFIG` that names the place in the file. */
export async function readConfiguredAlerts(path: string): Promise<ConfiguredAlerts> {
  const { rules, ...channels } = parseAlertsFile(await readText(path));
  return { channels, rules: rules.map(selectedAlert) };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw configError('--alerts', `${path} cannot be read: ${errorText(error)}`, 'Give a file that is there', error);
  }
}

function selectedAlert({ runs, tenant, notification, ...rule }: RuleEntry, index: number): SelectedAlert {
  try {
    const definition = newAlert({ ...rule, notification: notification?.join(',') ?? 'none' });
    return { definition, tenant, runs };
  } catch (error) {
    throw configError(`--alerts: rules[${index}]`, errorText(error), 'See docs/alerts.md', error);
  }
}
