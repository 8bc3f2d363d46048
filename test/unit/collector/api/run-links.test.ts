import { describe, expect, it } from 'vitest';
import { grafanaLink } from '../../../../collector/api/routes/run-links.ts';
import { runRow, SECOND, T0 } from './ports.ts';

const TEMPLATE = 'https://grafana.example.org/d/run?var-run={run}&from={from}&to={to}';

describe('the link of a run to Grafana', () => {
  it('has its id and its time in milliseconds', () => {
    const run = runRow({ endedUnixNano: T0 + 60n * SECOND });
    expect(grafanaLink(TEMPLATE, run)).toBe(
      `https://grafana.example.org/d/run?var-run=${run.id}&from=1769860800123&to=1769860860124`,
    );
  });
  it('ends now while the run does not', () => {
    expect(grafanaLink(TEMPLATE, runRow())).toMatch(/&to=now$/);
  });
});
