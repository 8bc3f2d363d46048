import { findEndpoints } from '../config/load-settings.ts';
import { ControlClient } from './control-client.ts';

/** Where a collector is, when neither environment nor configuration file say it. */
export interface ConnectOptions {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  /** Section `[profiles.<name>]` of the configuration file. */
  readonly profile?: string | undefined;
}

/** The options that are given, as configurations want them. */
export function given<Options extends object>(
  options: Options,
): { [Key in keyof Options]?: Exclude<Options[Key], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Options]?: Exclude<Options[Key], undefined> };
}

/** Calls `work` with a client of the collector that the options, else the environment or the configuration file name. */
export async function withControl<Result>(
  { url, token, profile }: ConnectOptions,
  work: (control: ControlClient) => Promise<Result>,
): Promise<Result> {
  const control = new ControlClient(findEndpoints(given({ url, token, profile })).control);
  try {
    return await work(control);
  } finally {
    await control.close();
  }
}
