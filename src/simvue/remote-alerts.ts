import type { ControlClient } from '../control/control-client.ts';
import { SimvueError } from '../errors.ts';
import { defined } from '../run-options.ts';
import { ALERT_EVENT } from '../semconv.ts';
import type { RecordAttributes } from './log-entries.ts';

interface AlertView {
  readonly id: string;
  readonly name: string;
}

interface RunView {
  readonly alerts?: readonly { readonly alert: AlertView }[];
}

/** A run whose alerts are asked for. */
interface AlertedRun {
  readonly client: ControlClient;
  readonly runId: string;
  readonly signal: AbortSignal;
}

/** Gives the run the alert of a record `simvue.alert.define`; one of the same definition is there once for all runs. */
export async function defineAlert({ client, runId, signal }: AlertedRun, attributes: RecordAttributes): Promise<void> {
  const json = alertBody(attributes);
  const query = { deduplicate: 'True' };
  const defined = await client
    .jsonEventually<{ id: string }>({ method: 'POST', path: '/alerts', query, json, signal })
    .catch(async (error: unknown) => {
      if (!(error instanceof SimvueError) || error.code !== 'SIMVUE_ERR_CONFLICT') throw error;
      return namedAlert(client, String(json['name']), signal);
    });
  const attached = (await alertsOf(client, runId, signal)).map(({ id }) => id);
  if (attached.includes(defined.id)) return;
  const change = { alerts: [...attached, defined.id] };
  await client.jsonEventually({ method: 'PUT', path: `/runs/${runId}`, json: change, signal });
}

/** Sets the state of the alert that a record `simvue.alert.status` names. */
export async function tellAlert({ client, runId, signal }: AlertedRun, attributes: RecordAttributes): Promise<void> {
  const { [ALERT_EVENT.id]: givenId, [ALERT_EVENT.name]: name, [ALERT_EVENT.status]: status } = attributes;
  const ofRun = async () => (await alertsOf(client, runId, signal)).find((alert) => alert.name === name);
  const id = givenId ?? ((await ofRun()) ?? (await namedAlert(client, String(name), signal))).id;
  const path = `/alerts/${id}/status/${runId}`;
  await client.jsonEventually({ method: 'PUT', path, json: { status }, signal }).catch((error: unknown) => {
    const isUnknown = error instanceof SimvueError && error.code === 'SIMVUE_ERR_NOT_FOUND';
    throw isUnknown ? unknownAlert(String(id)) : error;
  });
}

async function alertsOf(client: ControlClient, runId: string, signal: AbortSignal): Promise<AlertView[]> {
  const { alerts = [] } = await client.jsonEventually<RunView>({ method: 'GET', path: `/runs/${runId}`, signal });
  return alerts.map(({ alert }) => alert);
}

async function namedAlert(client: ControlClient, name: string, signal: AbortSignal): Promise<AlertView> {
  const { data } = await client.jsonEventually<{ data: AlertView[] }>({ method: 'GET', path: '/alerts', signal });
  const found = data.find((alert) => alert.name === name);
  if (found === undefined) throw unknownAlert(name);
  return found;
}

/** A record about it is refused: that it is sent again would not help. */
function unknownAlert(alert: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `there is no alert "${alert}"`);
}

/** Body of `POST /api/alerts`; fields that Simvue does not know only when they are given. */
function alertBody(attributes: RecordAttributes): Record<string, unknown> {
  const get = (key: keyof typeof ALERT_EVENT) => attributes[ALERT_EVENT[key]];
  const source = get('source');
  const channels = get('notification');
  const frequency = get('frequencyMinutes');
  const window = get('windowMinutes');
  const rules: Readonly<Record<string, Record<string, unknown>>> = {
    metrics: {
      rule: get('rule'),
      metric: get('metric'),
      frequency,
      window,
      aggregation: get('aggregation') ?? (isPresence(get('rule')) ? undefined : 'average'),
      threshold: get('threshold'),
      range_low: get('rangeLow'),
      range_high: get('rangeHigh'),
      evaluate_partial_window: get('evaluatePartialWindow'),
    },
    events: {
      pattern: get('pattern'),
      frequency,
      pattern_type: get('patternType'),
      window: window === frequency ? undefined : window,
    },
    run: { status: get('rule') },
  };
  const alert = rules[String(source)];
  return defined({
    name: get('name'),
    source,
    description: get('description') ?? null,
    notification: Array.isArray(channels) ? channels.join(',') : 'none',
    enabled: true,
    abort: get('abort') ?? false,
    delay: get('delayMinutes'),
    alert: alert && defined(alert),
  });
}

/** These rules look at no value. */
function isPresence(rule: unknown): boolean {
  return rule === 'has no data' || rule === 'is not finite';
}
