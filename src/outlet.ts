import type { Delivery } from './delivery.ts';
import type { ControlAddress, Endpoints } from './endpoints.ts';
import type { LogName } from './frame-log.ts';
import type { RequestHead } from './otlp-writer.ts';

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
        return GridDelivery.to(endpoints.control, async () => runId);
      }
      const { createOtlpDelivery } = await import('./delivery.ts');
      const endpoint = endpoints[log];
      return createOtlpDelivery(log, endpoint, ({ rejectedItems, message }) =>
        onPartialSuccess(rejectedItems, `${endpoint.url} refused ${rejectedItems} of a request: ${message}`),
      );
    },
  };
}

/** Everything over the REST API of a Simvue server. */
export function simvueOutlet(address: ControlAddress, head: RequestHead, startUnixNano: bigint): Outlet {
  return {
    connect: async (log) => {
      const { connectSimvue, writerOf } = await import('./simvue/simvue-outlet.ts');
      return connectSimvue(log, address, writerOf(head, startUnixNano));
    },
  };
}

/** The id that a Simvue server has given to a run; made there if need be. */
export async function simvueRunId(
  address: ControlAddress,
  head: RequestHead,
  startUnixNano: bigint,
  signal: AbortSignal,
): Promise<string> {
  const { findRunId, writerOf } = await import('./simvue/simvue-outlet.ts');
  return findRunId(address, writerOf(head, startUnixNano), signal);
}
