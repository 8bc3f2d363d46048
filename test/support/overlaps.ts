import type { Page } from 'playwright-core';

/** More than a hairline, pixels. */
const TOLERANCE = 2;
const FIND = `(() => {
  const isInFlow = (one) => !/absolute|fixed|sticky/.test(getComputedStyle(one).position);
  /** What is seen of a text or a control inside a part of a row; menus and dialogs lie above it. */
  const seenOf = (rect, from, part) => {
    let { left, right, top, bottom } = rect;
    for (let at = from; ; at = at.parentElement) {
      if (at !== part && !isInFlow(at)) return { left: 0, right: 0, top: 0, bottom: 0 };
      if (getComputedStyle(at).overflowX !== 'visible') {
        const edge = at.getBoundingClientRect();
        [left, right, top, bottom] = [Math.max(left, edge.left), Math.min(right, edge.right), Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
      }
      if (at === part) return { left, right, top, bottom };
    }
  };
  const boxesOf = (part) => {
    const texts = [];
    for (let walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT), node = walker.nextNode(); node; node = walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(node);
      texts.push(seenOf(range.getBoundingClientRect(), node.parentElement, part));
    }
    const controls = [part, ...part.querySelectorAll('*')].filter((one) => one.matches('button, input, select, svg'));
    const all = [...texts, ...controls.map((one) => seenOf(one.getBoundingClientRect(), one.parentElement === part.parentElement ? one : one.parentElement, part))];
    return all.filter((box) => box.right - box.left > ${TOLERANCE} && box.bottom - box.top > ${TOLERANCE});
  };
  const depth = (a, b) => Math.min(Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const found = [];
  for (const row of document.querySelectorAll('body *')) {
    if (getComputedStyle(row).display !== 'flex') continue;
    const parts = [...row.children].filter((one) => isInFlow(one) && one.checkVisibility({ visibilityProperty: true }));
    const boxes = parts.map(boxesOf);
    parts.forEach((part, index) => {
      for (let other = 0; other < index; other++)
        if (boxes[index].some((one) => boxes[other].some((beside) => depth(one, beside) > ${TOLERANCE}))) found.push(parts[other].outerHTML.slice(0, 90) + ' / ' + part.outerHTML.slice(0, 90));
    });
  }
  return found;
})()`;

/** Neighbours in a row that are drawn over each other, as the beginnings of their markup. */
export const overlaps = (page: Page): Promise<string[]> => page.evaluate(FIND);
