import { describe, expect, test } from 'vitest';
import { CollectorProcess } from '../support/collector-process.ts';
import { CLIENT_VERSIONS, SimvueClient } from '../support/simvue-client.ts';

/** Programs that read back what they write: each ends with what is left on the server. */
const PROGRAMS = [
  ['finds runs and folders by every filter', 'simvue_filters.py', { runs: 4 }],
  ['lists, sorts and pages through a thousand runs', 'simvue_queries.py', { runs: 1_052 }],
  ['describes folders, and deletes them and what they hold', 'simvue_folders.py', { runs: 1 }],
  ['defines alerts once, attaches them and tells their status', 'simvue_alerts.py', { runs: 2 }],
  ['brings files and objects up and down again', 'simvue_artifacts.py', { runs: 1 }],
  ['reads values on every axis, grids and events', 'simvue_values.py', { runs: 3 }],
  ['reads every property of every object', 'simvue_properties.py', { runs: 1 }],
  ['keeps tags, users, tenants and statistics', 'simvue_accounts.py', { runs: 1 }],
] as const;

describe.concurrent.each(CLIENT_VERSIONS)('the Python client %s', (version) => {
  // One after the other: the two versions side by side are enough for two cores.
  test.sequential.each(PROGRAMS)('%s', async (_what, program, { runs }) => {
    await using collector = await CollectorProcess.start();
    await using client = await SimvueClient.of(version);
    await client.run(program, collector.url);
    expect((await collector.rest.runs()).count).toBe(runs);
  });
});
