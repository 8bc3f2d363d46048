import type {
  Attributes,
  BatchObservableCallback,
  Meter,
  MeterProvider,
  MetricOptions,
  Observable,
} from '@opentelemetry/api';
import type { InstrumentValues } from './instrument-values.ts';
import { withMembers } from './replaced-members.ts';

/** What becomes of what a program does with its meters. */
export interface Followed {
  readonly values: InstrumentValues;
  /** Callbacks of instruments that no SDK of the program calls. */
  readonly polled: Map<object, () => void | Promise<void>>;
  /** The provider that stands for "no SDK"; undefined = there is one. */
  readonly noProvider: MeterProvider | undefined;
}

/** The provider with every value that passes through it recorded too; the provider itself gets what it would get without us. */
export function followProvider(provider: MeterProvider, followed: Followed): MeterProvider {
  return withMembers(provider, {
    getMeter: (name, version, options) =>
      new FollowedMeter(provider.getMeter(name, version, options), provider, followed).meter,
  });
}

class FollowedMeter {
  readonly meter: Meter;
  readonly #followed: Followed;
  readonly #isPolled: boolean;
  /** Ours to the program's own, which alone its SDK knows. */
  readonly #observables = new WeakMap<Observable, { readonly own: Observable; readonly name: string }>();
  /** Callbacks as the program's SDK knows them, by the instrument or meter that they were given to. */
  readonly #callbacks = new WeakMap<object, WeakMap<object, object>>();

  constructor(own: Meter, provider: MeterProvider, followed: Followed) {
    this.#followed = followed;
    this.#isPolled = provider === followed.noProvider;
    const { values } = followed;
    const observable =
      (create: (name: string, options?: MetricOptions) => Observable) => (name: string, options?: MetricOptions) =>
        this.#follow(name, create.call(own, name, options));
    this.meter = withMembers(own, {
      createGauge: (name, options) => {
        const gauge = own.createGauge(name, options);
        return withMembers(gauge, {
          record: (value, attributes, context) => {
            gauge.record(value, attributes, context);
            values.gauge(name, value, attributes);
          },
        });
      },
      createHistogram: (name, options) => {
        const histogram = own.createHistogram(name, options);
        return withMembers(histogram, {
          record: (value, attributes, context) => {
            histogram.record(value, attributes, context);
            values.histogram(name, value, attributes);
          },
        });
      },
      createCounter: (name, options) => this.#counter(name, own.createCounter(name, options)),
      createUpDownCounter: (name, options) => this.#counter(name, own.createUpDownCounter(name, options)),
      createObservableGauge: observable(own.createObservableGauge),
      createObservableCounter: observable(own.createObservableCounter),
      createObservableUpDownCounter: observable(own.createObservableUpDownCounter),
      addBatchObservableCallback: (callback, observables) => this.#addBatch(own, callback, observables),
      removeBatchObservableCallback: (callback, observables) => this.#removeBatch(own, callback, observables),
    } as Partial<Meter>);
  }

  #counter<Counter extends { add(value: number, attributes?: Attributes, context?: never): void }>(
    name: string,
    counter: Counter,
  ): Counter {
    const members: Partial<Pick<Counter, 'add'>> = {
      add: (value: number, attributes?: Attributes, context?: never) => {
        counter.add(value, attributes, context);
        this.#followed.values.counter(name, value, attributes);
      },
    };
    return withMembers(counter, members as Partial<Counter>);
  }

  #follow(name: string, own: Observable): Observable {
    const record = (value: number, attributes?: Attributes) => this.#followed.values.gauge(name, value, attributes);
    const followed = withMembers(own, {
      addCallback: (callback) => {
        const observe = this.#known(
          followed,
          callback,
          () => (result) =>
            callback({
              observe(value, attributes) {
                result.observe(value, attributes);
                record(value, attributes);
              },
            }),
        );
        own.addCallback(observe);
        this.#poll(observe, () => callback({ observe: record }));
      },
      removeCallback: (callback) => own.removeCallback(this.#forget(followed, callback)),
    });
    this.#observables.set(followed, { own, name });
    return followed;
  }

  #addBatch(own: Meter, callback: BatchObservableCallback, observables: Observable[]): void {
    const record = (metric: Observable, value: number, attributes?: Attributes) => {
      const name = this.#observables.get(metric)?.name;
      if (name !== undefined) this.#followed.values.gauge(name, value, attributes);
    };
    const observe = this.#known<BatchObservableCallback>(
      this,
      callback,
      () => (result) =>
        callback({
          observe: (metric, value, attributes) => {
            result.observe(this.#ownOf(metric), value, attributes);
            record(metric, value, attributes);
          },
        }),
    );
    own.addBatchObservableCallback(
      observe,
      observables.map((each) => this.#ownOf(each)),
    );
    this.#poll(observe, () => callback({ observe: record }));
  }

  #removeBatch(own: Meter, callback: BatchObservableCallback, observables: Observable[]): void {
    own.removeBatchObservableCallback(
      this.#forget(this, callback),
      observables.map((each) => this.#ownOf(each)),
    );
  }

  #ownOf(observable: Observable): Observable {
    return this.#observables.get(observable)?.own ?? observable;
  }

  /** One for each callback: an SDK takes a callback that it knows only once. */
  #known<Callback extends object>(holder: object, callback: Callback, make: () => Callback): Callback {
    const callbacks = this.#callbacks.get(holder) ?? new WeakMap<object, object>();
    this.#callbacks.set(holder, callbacks);
    const known = (callbacks.get(callback) as Callback | undefined) ?? make();
    callbacks.set(callback, known);
    return known;
  }

  #poll(observe: object, call: () => void | Promise<void>): void {
    if (this.#isPolled) this.#followed.polled.set(observe, call);
  }

  #forget<Callback extends object>(holder: object, callback: Callback): Callback {
    const known = (this.#callbacks.get(holder)?.get(callback) as Callback | undefined) ?? callback;
    this.#followed.polled.delete(known);
    return known;
  }
}
