import type { Level } from '../log-record.ts';
import { LEVELS } from '../log-record.ts';
import type { Run } from '../run.ts';
import type { LogEventOptions } from '../run-event.ts';

/**
 * Sends log messages of a level and above to a run as events.
 *
 * @see Simvue tutorial, "Logging handler" (seed 000)
 */
export class Handler {
  readonly #run: Pick<Run, 'logEvent'>;
  #threshold: number;

  /** @param level - the least that is sent, default `info`. */
  constructor(run: Pick<Run, 'logEvent'>, level: Level = 'info') {
    this.#run = run;
    this.#threshold = LEVELS[level];
  }

  /** Sets the least level that is sent. */
  setLevel(level: Level): void {
    this.#threshold = LEVELS[level];
  }

  /**
   * Sends a message of this level.
   *
   * @returns false when it is below the least level, or was not taken.
   */
  log(level: Level, message: string | Error, options: Omit<LogEventOptions, 'level'> = {}): boolean {
    return LEVELS[level] >= this.#threshold && this.#run.logEvent(message, { ...options, level });
  }

  /** Sends a message of the level `debug`. */
  debug(message: string | Error): boolean {
    return this.log('debug', message);
  }

  /** Sends a message of the level `info`. */
  info(message: string | Error): boolean {
    return this.log('info', message);
  }

  /** Sends a message of the level `warning`. */
  warning(message: string | Error): boolean {
    return this.log('warning', message);
  }

  /** Sends a message of the level `error`. */
  error(message: string | Error): boolean {
    return this.log('error', message);
  }

  /** Sends a message of the level `critical`. */
  critical(message: string | Error): boolean {
    return this.log('critical', message);
  }
}
