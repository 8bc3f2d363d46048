import { token } from './tokens.ts';

const HEAD_PIXELS = 32;

/** A chart with its title on the colour of a card, as PNG; undefined when the browser cannot make one. */
export function pictureOf(chart: HTMLCanvasElement, title: string): Promise<Blob | undefined> {
  const ratio = devicePixelRatio;
  const picture = Object.assign(document.createElement('canvas'), {
    width: chart.width,
    height: chart.height + HEAD_PIXELS * ratio,
  });
  const context = picture.getContext('2d');
  if (!context) return Promise.resolve(undefined);
  context.fillStyle = token('--panel');
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = token('--ink');
  context.font = `600 ${13 * ratio}px ${token('--font-mono')}`;
  context.fillText(title, 12 * ratio, 20 * ratio);
  context.drawImage(chart, 0, HEAD_PIXELS * ratio);
  return new Promise((resolve) => picture.toBlob((blob) => resolve(blob ?? undefined)));
}
