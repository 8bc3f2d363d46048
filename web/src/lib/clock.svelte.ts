let skew = 0;
let seconds = $state(Date.now() / 1000);

/** The server's time, seconds since the epoch; reactive, moves once a second. */
export const clock = {
  get now(): number {
    return seconds;
  },
};

/** Takes over the server's clock: ages must not show how wrong this computer's clock is. */
export function setServerTime(serverSeconds: number): void {
  skew = serverSeconds - Date.now() / 1000;
  seconds = Date.now() / 1000 + skew;
}

setInterval(() => {
  seconds = Date.now() / 1000 + skew;
}, 1000);
