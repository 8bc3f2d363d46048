import type { Level } from '../log-record.ts';
import { LEVELS } from '../log-record.ts';
import type { LogEventOptions } from '../run-event.ts';

/** What takes the messages: a `Run`. */
interface EventTarget {
  logEvent(message: string | Error, options?: LogEventOptions): boolean;
}

type Message = string | Error;

/**
 * Sends log messages of a level and above to a run as events.
 *
 * @see Simvue tutorial, "Logging handler" (seed 000)
 */
export class Handler {
  readonly #run: EventTarget;
  #threshold: number;

  /** @param level - the least that is sent, default `info`. */
  constructor(run: EventTarget, level: Level = 'info') {
    this.#run = run;
    this.#threshold = LEVELS[level];
  }

  setLevel(level: Level): void {
    this.#threshold = LEVELS[level];
  }

  /** @returns false when the message is below the level, or was not taken. */
  log(level: Level, message: Message, options: Omit<LogEventOptions, 'level'> = {}): boolean {
    return LEVELS[level] >= this.#threshold && this.#run.logEvent(message, { ...options, level });
  }

  debug(message: Message): boolean {
    return this.log('debug', message);
  }

  info(message: Message): boolean {
    return this.log('info', message);
  }

  warning(message: Message): boolean {
    return this.log('warning', message);
  }

  error(message: Message): boolean {
    return this.log('error', message);
  }

  critical(message: Message): boolean {
    return this.log('critical', message);
  }
}
