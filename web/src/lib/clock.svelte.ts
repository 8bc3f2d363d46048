let skew = 0;
let seconds = $state(Date.now() / 1000);

/** The server's time, seconds since the epoch; reactive, moves once a second. */
export const clock = {
  get now(): number {
    return seconds;
  },
};

/** Takes over the server's clock, so many seconds ahead: ages must not show how wrong this computer's clock is. */
export function setClockSkew(skewSeconds: number): void {
  if (skew === skewSeconds) return;
  skew = skewSeconds;
  seconds = Date.now() / 1000 + skew;
}

setInterval(() => {
  seconds = Date.now() / 1000 + skew;
}, 1000);
