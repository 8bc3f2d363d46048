import type { AlertRow, RunAlert } from '../store/alert-store.ts';
import { type ItemParts, REFUSED, type RunPlace, untilTaken } from './item-parts.ts';

/**
 * Sends the alerts of a run: at the target they are user alerts, whose states are told from here. They are evaluated, and
 * messages are sent, where the data arrives first, and only there.
 */
export async function sendAlerts(parts: ItemParts, place: RunPlace): Promise<void> {
  const { target, catalog, forwarding, delivery } = parts;
  const alerts = (await catalog.alerts.ofRuns([place.runId])).get(place.runId) ?? [];
  const remotes: RemoteAlert[] = [];
  for (const alert of alerts) {
    const remote = await defineAlert(parts, place, alert);
    if (remote !== undefined) remotes.push(remote);
  }
  const ids = remotes.map(({ id }) => id);
  const attached = { kind: 'attached alerts', item: '', remote: '', state: JSON.stringify(ids) } as const;
  const before = catalog.exports.items(target, place.runId, attached.kind).get('')?.state ?? '[]';
  if (before !== attached.state) {
    const request = { method: 'PUT', path: `/runs/${place.remoteId}`, json: { alerts: ids } } as const;
    await untilTaken(parts, 'alert', () => forwarding.ask({ ...request, signal: delivery.signal }));
    catalog.exports.saveItem(target, place.runId, attached);
  }
  for (const remote of remotes) await tellStatus(parts, place, remote);
}

interface RemoteAlert extends Pick<RunAlert, 'alert' | 'status'> {
  readonly id: string;
  /** The definition as it is there. */
  readonly definition: string;
  readonly sentStatus: string;
}

/** State of the item: `[definition, status]`. */
async function defineAlert(
  { target, catalog, forwarding, delivery, ...parts }: ItemParts,
  { runId }: RunPlace,
  { alert, status }: RunAlert,
): Promise<RemoteAlert | undefined> {
  const json = userAlert(alert);
  const definition = JSON.stringify(json);
  const known = catalog.exports.items(target, runId, 'alert').get(alert.id);
  const [sentDefinition, sentStatus = ''] = JSON.parse(known?.state ?? '[]') as string[];
  if (known !== undefined && sentDefinition === definition) {
    return known.remote === '' ? undefined : { alert, status, id: known.remote, definition, sentStatus };
  }
  const query = { deduplicate: 'true' };
  const { signal } = delivery;
  const taken = await untilTaken({ ...parts, delivery }, 'alert', () =>
    forwarding.ask<{ id: string }>({ method: 'POST', path: '/alerts', query, json, signal }),
  );
  const remote = taken?.result.id ?? '';
  const state = JSON.stringify([definition, taken === undefined ? REFUSED : '']);
  catalog.exports.saveItem(target, runId, { kind: 'alert', item: alert.id, remote, state });
  return remote === '' ? undefined : { alert, status, id: remote, definition, sentStatus: '' };
}

async function tellStatus(parts: ItemParts, place: RunPlace, remote: RemoteAlert): Promise<void> {
  const { target, catalog, forwarding, delivery } = parts;
  const { alert, status, id, definition, sentStatus } = remote;
  if (status === null || status === sentStatus) return;
  const request = { method: 'PUT', path: `/alerts/${id}/status/${place.remoteId}`, json: { status } } as const;
  await untilTaken(parts, 'alert', () => forwarding.ask({ ...request, signal: delivery.signal }));
  const state = JSON.stringify([definition, status]);
  catalog.exports.saveItem(target, place.runId, { kind: 'alert', item: alert.id, remote: id, state });
}

/** Alerts of the same name and rule are one alert there, whichever run they came with. */
function userAlert({ name, source, rule, description }: AlertRow): Readonly<Record<string, unknown>> {
  const words = rule === null ? '' : `${source}: ${JSON.stringify(rule)}`;
  const text = [description ?? '', words].filter((part) => part !== '').join('\n');
  return { name, source: 'user', notification: 'none', ...(text === '' ? {} : { description: text }) };
}
