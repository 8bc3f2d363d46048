import { token } from './tokens.ts';

/** Pixels of a picture in a CSS pixel: it is looked at on dense screens and in print. */
const SCALE = 2;
const HEAD_PIXELS = 32;
const MARGIN_PIXELS = 12;
/** What style sheets say of shapes and text. */
const STYLES = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-opacity', 'stop-color', 'opacity'],
  ...['font-family', 'font-size', 'font-weight', 'text-anchor', 'paint-order', 'image-rendering'],
];
/** Marks what is no part of a picture: places to press, a cursor. */
const ON_SCREEN_ONLY = '[data-screen-only]';

/** An SVG document as PNG; undefined when the browser cannot make one. */
export async function toPng(svg: string): Promise<Blob | undefined> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = Object.assign(new Image(), { src: url });
    await image.decode();
    const size = { width: image.width * SCALE, height: image.height * SCALE };
    const canvas = Object.assign(document.createElement('canvas'), size);
    canvas.getContext('2d')?.drawImage(image, 0, 0, size.width, size.height);
    return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined)));
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** What an SVG element of the page shows, as a document of its own with a title: it has the styles in it, and nothing to press. */
export function documentOf(shown: SVGSVGElement, title: string): string {
  const copy = shown.cloneNode(true) as SVGSVGElement;
  const originals = shown.querySelectorAll('*');
  for (const [index, element] of copy.querySelectorAll('*').entries()) {
    const original = originals[index];
    for (const { name } of [...element.attributes])
      if (/^(class|style|role|tabindex|(data|aria)-(?!screen).*)$/.test(name) || element.tagName === 'a')
        element.removeAttribute(name);
    if (!original) continue;
    const style = getComputedStyle(original);
    for (const name of STYLES) element.setAttribute(name, style.getPropertyValue(name));
  }
  for (const element of copy.querySelectorAll(ON_SCREEN_ONLY)) element.remove();
  const { clientWidth: width, clientHeight: height } = shown;
  for (const name of ['class', 'role', 'tabindex', 'style']) copy.removeAttribute(name);
  for (const [name, value] of Object.entries({ width, height, y: HEAD_PIXELS })) copy.setAttribute(name, String(value));
  const full = document.implementation.createDocument(copy.namespaceURI, 'svg').documentElement;
  const add = (name: string, attributes: Record<string, string | number>, text = '') => {
    const element = document.createElementNS(copy.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    element.textContent = text;
    full.append(element);
  };
  full.setAttribute('width', String(width));
  full.setAttribute('height', String(height + HEAD_PIXELS));
  add('rect', { width, height: height + HEAD_PIXELS, fill: token('--panel') });
  const font = { 'font-family': token('--font-mono'), 'font-size': 13, 'font-weight': 600 };
  add('text', { x: MARGIN_PIXELS, y: 20, fill: token('--ink'), ...font }, title);
  full.append(copy);
  return new XMLSerializer().serializeToString(full);
}
