import type { Page } from 'playwright-core';

/** More than a hairline, pixels. */
const TOLERANCE = 2;
const FIND = `(() => {
  const isPlaced = (one) => !/absolute|fixed|sticky/.test(getComputedStyle(one).position);
  /** What an element shows: its content, where that is seen beyond its edges. */
  const boxOf = (one) => {
    const own = one.getBoundingClientRect();
    if (getComputedStyle(one).overflowX !== 'visible' || one.matches('svg, input, select, textarea')) return own;
    const range = document.createRange();
    range.selectNodeContents(one);
    const content = range.getBoundingClientRect();
    if (content.width === 0) return own;
    return { left: Math.min(own.left, content.left), right: Math.max(own.right, content.right), top: own.top, bottom: own.bottom };
  };
  const depth = (a, b) => Math.min(Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const found = [];
  for (const row of document.querySelectorAll('body *')) {
    if (getComputedStyle(row).display !== 'flex') continue;
    const parts = [...row.children].filter((one) => isPlaced(one) && one.checkVisibility({ visibilityProperty: true }));
    const boxes = parts.map(boxOf);
    parts.forEach((part, index) => {
      for (let other = 0; other < index; other++)
        if (depth(boxes[index], boxes[other]) > ${TOLERANCE}) found.push(parts[other].outerHTML.slice(0, 90) + ' / ' + part.outerHTML.slice(0, 90));
    });
  }
  return found;
})()`;

/** Neighbours in a row that are drawn over each other, as the beginnings of their markup. */
export const overlaps = (page: Page): Promise<string[]> => page.evaluate(FIND);
