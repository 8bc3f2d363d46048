import type { Channel, Delivery } from './channel.ts';
import type { HttpSender } from './http-sender.ts';
import { headline } from './wording.ts';

const GROUP_SIZE = 500;
const REPEAT_MILLISECONDS = 60_000;
/** An alert that is not sent again for so long counts as over there. */
const VALID_MILLISECONDS = 4 * REPEAT_MILLISECONDS;

/** Posts to `/api/v2/alerts` of a Prometheus Alertmanager, which groups, silences and routes; what fires is sent again every minute. */
export class AlertmanagerChannel implements Channel {
  readonly groupSize = GROUP_SIZE;
  readonly repeatMilliseconds = REPEAT_MILLISECONDS;
  readonly name: string;
  readonly #sender: HttpSender;
  readonly #clock: () => number;

  /** @param clock - wall time, milliseconds since the epoch. */
  constructor(name: string, sender: HttpSender, clock: () => number) {
    this.name = name;
    this.#sender = sender;
    this.#clock = clock;
  }

  async send(deliveries: readonly Delivery[]): Promise<void> {
    const alerts = deliveries.map((delivery) => this.#alertOf(delivery));
    await this.#sender.post(Buffer.from(JSON.stringify(alerts)), { 'content-type': 'application/json' });
  }

  async close(): Promise<void> {
    this.#sender.close();
  }

  #alertOf(delivery: Delivery) {
    const { state, time, run, alert, url } = delivery;
    const isFiring = state === 'firing' || alert === undefined;
    const now = this.#clock();
    // A clock ahead of ours: an alert that ends before it starts is refused, and with it all of the call.
    const startsAt = new Date(Math.min(now, Date.parse(`${time}Z`))).toISOString();
    return {
      labels: {
        alertname: alert?.name ?? `run ${state}`,
        run: run.name,
        run_id: run.id,
        folder: run.folder,
        user: run.user,
        ...(alert === undefined || alert.series === '' ? {} : { series: alert.series }),
      },
      annotations: {
        summary: headline(delivery),
        ...(alert === undefined ? {} : { rule: alert.rule, value: String(alert.value ?? 'no data') }),
        ...(alert?.found ? { found: alert.found } : {}),
        ...(alert?.description ? { description: alert.description } : {}),
      },
      ...(isFiring
        ? { startsAt, endsAt: new Date(now + VALID_MILLISECONDS).toISOString() }
        : { endsAt: new Date(now).toISOString() }),
      generatorURL: url,
    };
  }
}
