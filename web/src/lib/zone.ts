/** Where the clocks stand that the page shows. */
export interface Zone {
  /** As it stands in the head of a column. */
  readonly word: 'UTC' | 'local';
  /** By how much its clocks are ahead of UTC. @param seconds - since the epoch. */
  offsetSeconds(seconds: number): number;
}

export const UTC: Zone = { word: 'UTC', offsetSeconds: () => 0 };

/** The zone of the browser, with its summer times. */
export const LOCAL: Zone = {
  word: 'local',
  offsetSeconds: (seconds) => -60 * new Date(seconds * 1000).getTimezoneOffset(),
};

let choice = (): Zone => UTC;

/** The zone that times are shown in. */
export const shownZone = (): Zone => choice();

/** From now on times are shown in what this returns. */
export function showZone(chosen: () => Zone): void {
  choice = chosen;
}
