// The shared worker that holds the one live stream of a browser; each tab is a port of it.
import { connectLive, type LiveAsk, shareLive } from '../lib/live-share.ts';

const join = shareLive(connectLive);

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (!port) return;
  const ask = join((message) => port.postMessage(message));
  port.addEventListener('message', ({ data }: MessageEvent<LiveAsk>) => ask(data));
  // A tab that crashed says no good-bye.
  port.addEventListener('close', () => ask('leave'));
  port.start();
});
