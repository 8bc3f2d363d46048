import { formatTimestamp, NANOS_PER_MILLISECOND } from 'simvue-otel/time';
import { dryRunAlert } from '../../pipeline/alert-dry-run.ts';
import { readAlertRule, ruleText } from '../../pipeline/alert-rule.ts';
import type { EvaluationRow } from '../../store/alert-state-store.ts';
import { type ApiContext, type ApiServer, requireRun } from '../api-context.ts';
import {
  AlertTestBody,
  AlertTestView,
  ChannelsView,
  EvaluationsQuery,
  EvaluationsView,
  type EvaluationView,
} from '../contract/alert.ts';
import { ProblemSchema } from '../contract/problem.ts';
import { IdParams } from '../contract/query.ts';
import { InvalidBody } from '../problem.ts';
import { requireAlert } from './alerts.ts';

/** `GET /alerts/{id}/evaluations?run=…`: why an alert did or did not fire; `POST /alerts/test`: when a rule would have fired in a run. */
export function registerAlertEvaluationRoutes(api: ApiServer, context: ApiContext): void {
  const { catalog, telemetry } = context;
  const { unit } = context.alerts;
  const listSchema = {
    summary: 'Why an alert did or did not fire in a run: its last evaluations and messages.',
    params: IdParams,
    querystring: EvaluationsQuery,
    response: { 200: EvaluationsView },
  };

  api.get('/alerts/:id/evaluations', { schema: listSchema }, async ({ params, query, principal }) => {
    const alert = await requireAlert(context, principal, params.id);
    const run = await requireRun(context, principal, query.run);
    const messages = catalog.outbox.ofRun(run.id).filter(({ alertId }) => alertId === alert.id);
    return {
      rule: ruleText(alert, unit),
      status: await catalog.alerts.status(alert.id, run.id),
      data: catalog.alertStates.evaluations(alert.id, run.id).map(evaluationView),
      messages: messages.map(({ channel, state, timeUnixNano, sentUnixNano, attempts, error }) => ({
        channel,
        state,
        time: formatTimestamp(timeUnixNano),
        sent: sentUnixNano === null ? null : formatTimestamp(sentUnixNano),
        attempts,
        error,
      })),
    };
  });

  const channelsSchema = {
    summary: 'Channels of messages about alerts, and how they fare.',
    response: { 200: ChannelsView },
  };
  api.get('/alerts/channels', { schema: channelsSchema }, async () => ({
    unit,
    data: context.channels.health.map(({ name, sentMessages, waitingMessages, failures, lastError, lastSentAt }) => ({
      name,
      sent: sentMessages,
      waiting: waitingMessages,
      failures,
      error: lastError ?? null,
      last_sent: lastSentAt === undefined ? null : formatTimestamp(BigInt(lastSentAt) * NANOS_PER_MILLISECOND),
    })),
  }));

  const testSchema = {
    summary: 'When a rule would have fired over what is stored of a run.',
    body: AlertTestBody,
    response: { 200: AlertTestView, 404: ProblemSchema },
  };
  api.post('/alerts/test', { schema: testSchema }, async ({ body, principal }) => {
    const { readRule } = await import('../alert-body.ts');
    const { source } = body;
    const run = await requireRun(context, principal, body.run);
    const definition = { source, rule: readRule(source, body.alert), delay: body.delay ?? 0 };
    const rule = readAlertRule(definition, unit);
    if (rule === undefined) throw new InvalidBody(['source'], 'a user alert has no rule to test');
    const { changes, evaluations, points } = await dryRunAlert(telemetry, run, rule);
    const startUnixNano = run.startedUnixNano ?? run.createdUnixNano;
    return {
      rule: ruleText(definition, unit),
      changes: changes.map(({ watched, evaluation }) => ({
        time: formatTimestamp(startUnixNano + BigInt(Math.round(evaluation.timeNano))),
        series: watched.series,
        state: evaluation.state,
        value: valueView(evaluation.value ?? null),
        points: evaluation.points,
      })),
      evaluations,
      points,
    };
  });
}

function evaluationView(row: EvaluationRow): EvaluationView {
  return {
    time: formatTimestamp(row.timeUnixNano),
    from: formatTimestamp(row.fromUnixNano),
    series: row.series,
    share: row.share,
    points: row.points,
    non_finite: row.nonFinite,
    late: row.late,
    skipped: row.skipped,
    value: valueView(row.value),
    verdict: row.verdict,
    changed: row.hasChanged,
  };
}

function valueView(value: number | null): number | string | null {
  return value === null || Number.isFinite(value) ? value : String(value);
}
