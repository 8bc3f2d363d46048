import { live } from './live.svelte.ts';

const LOOK_MILLISECONDS = 10_000;

/** Whether the collector takes data, as it says itself; reactive. */
class Readiness {
  /** Why it does not; undefined = it does, or nobody knows. */
  reason = $state.raw<string>();

  /** Asks now and then while the page is seen. @returns how to stop. */
  watch(): () => void {
    const timer = setInterval(() => void this.#look(), LOOK_MILLISECONDS);
    void this.#look();
    return () => clearInterval(timer);
  }

  async #look(): Promise<void> {
    // A collector that does not answer is what the live stream tells of.
    if (document.hidden || live.state !== 'live') return;
    const response = await fetch('/readyz').catch(() => undefined);
    if (response?.ok) this.reason = undefined;
    else if (response?.status === 503) {
      const answer: unknown = await response.json().catch(() => undefined);
      const detail = typeof answer === 'object' && answer && 'detail' in answer ? answer.detail : undefined;
      this.reason = typeof detail === 'string' ? detail : 'it cannot say why';
    }
  }
}

export const readiness = new Readiness();
