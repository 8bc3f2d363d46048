import { plural } from './numbers.ts';

/** How things are, in one sentence with numbers; what is 0 is left out, unless all is. */
export function homeSentence(counts: {
  readonly running: number;
  readonly firing: number;
  readonly failed: number;
  readonly lost: number;
}): string {
  const { running, firing, failed, lost } = counts;
  const verb = (count: number) => (count === 1 ? 'is' : 'are');
  const parts = [
    ...(running ? [`${plural(running, 'run')} ${verb(running)} running`] : []),
    ...(firing ? [`${firing} of them ${firing === 1 ? 'has' : 'have'} a firing alert`] : []),
    ...(lost ? [`${plural(lost, 'run')} ${verb(lost)} lost`] : []),
    ...(failed ? [`${plural(failed, 'run')} failed within a day`] : []),
  ];
  if (parts.length === 0) return 'Nothing runs, and nothing failed within a day.';
  const last = parts.pop() ?? '';
  return `${parts.length ? `${parts.join(', ')} and ${last}` : last}.`;
}
