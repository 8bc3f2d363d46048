import { channel } from 'node:diagnostics_channel';
import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { Client, type Dispatcher, Pool } from 'undici';

/** Where undici tells of requests that begin; who has not heard of the beginning hears nothing of the rest. */
const REQUESTS = channel('undici:request:create');

/** Connections whose requests the instrumentation of the program neither counts, nor traces, nor adds headers to. */
export function unobservedPool(origin: string | URL, options: object): Dispatcher {
  return new Pool(origin, { ...options, factory: (url, each) => new UnobservedClient(url, each) });
}

class UnobservedClient extends Client {
  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return unobserved(() => super.dispatch(options, handler));
  }
}

/** The request begins in here, and so does the connection if it needs one. */
function unobserved<Result>(begin: () => Result): Result {
  if (!REQUESTS.hasSubscribers) return withoutTracing(begin);
  Object.defineProperty(REQUESTS, 'hasSubscribers', { value: false, configurable: true });
  try {
    return withoutTracing(begin);
  } finally {
    Reflect.deleteProperty(REQUESTS, 'hasSubscribers');
  }
}

function withoutTracing<Result>(begin: () => Result): Result {
  return context.with(suppressTracing(context.active()), begin);
}
