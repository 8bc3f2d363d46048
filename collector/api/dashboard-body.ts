import type { NewDashboardBody } from './contract/page.ts';
import { InvalidBody } from './problem.ts';

type Card = NewDashboardBody['cards'][number];

const DIMENSION = /^(metadata|last|min|max|average):[\s\S]/;
const DIMENSIONS = 'metadata:KEY, last:METRIC, min:METRIC, max:METRIC or average:METRIC';

/** Checks what fields of a card must be to each other. @throws InvalidBody that names the first that is not. */
export function checkCards(cards: readonly Card[]): void {
  for (const [index, card] of cards.entries()) {
    checkDimensions(card, index);
    checkEnds('xrange', card.xrange, index);
    checkEnds('yrange', card.yrange, index);
  }
}

function checkDimensions({ kind, metrics }: Card, index: number): void {
  if (kind === undefined || kind === 'lines') return;
  const place = `cards[${index}].metrics`;
  if (kind === 'scatter' && metrics.length !== 2) {
    const message = `${place} of a scatter plot must be two dimensions, x and y: there are ${metrics.length}`;
    throw new InvalidBody(['cards', index, 'metrics'], message);
  }
  const wrong = metrics.findIndex((id) => !DIMENSION.test(id));
  if (wrong < 0) return;
  const message = `${place}[${wrong}] of a ${kind} plot must be a dimension: ${DIMENSIONS}`;
  throw new InvalidBody(['cards', index, 'metrics', wrong], message);
}

function checkEnds(field: 'xrange' | 'yrange', ends: Card['xrange'], index: number): void {
  const [low, high] = ends ?? [null, null];
  if (low === null || high === null || low < high) return;
  const message = `cards[${index}].${field} must ascend, as [0, 10] does; an end that is null is taken from the data`;
  throw new InvalidBody(['cards', index, field], message);
}
