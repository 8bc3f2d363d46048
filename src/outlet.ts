import type { Delivery } from './delivery.ts';
import type { Endpoints } from './endpoints.ts';
import type { LogName } from './frame-log.ts';

/** Told of what a server refused of an accepted request. */
export type OnPartialSuccess = (items: number, message: string) => void;

/** The way of a writer's logs to a server. */
export interface Outlet {
  /** Called before the first request: loads what only sending needs. */
  connect(log: LogName, onPartialSuccess: OnPartialSuccess): Promise<Delivery>;
}

/** Points and records over OTLP, metrics on grids over the REST API. */
export function otlpOutlet(endpoints: Endpoints, runId: string): Outlet {
  return {
    connect: async (log, onPartialSuccess) => {
      if (log === 'grids') {
        const { GridDelivery } = await import('./grids/grid-delivery.ts');
        return GridDelivery.to(endpoints.control, runId);
      }
      const { createOtlpDelivery } = await import('./delivery.ts');
      const endpoint = endpoints[log];
      return createOtlpDelivery(log, endpoint, ({ rejectedItems, message }) =>
        onPartialSuccess(rejectedItems, `${endpoint.url} refused ${rejectedItems} of a request: ${message}`),
      );
    },
  };
}
