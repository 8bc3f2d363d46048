import { plural } from './numbers.ts';

/** A piece of a sentence; `state` is the class of what is said in colour. */
export interface SentencePiece {
  readonly text: string;
  readonly state?: 'al-firing' | 'st-failed' | 'st-lost';
}

/** How things are, in a line with numbers, what is wrong first; what is 0 is left out, unless all is. */
export function homeSentence(counts: {
  readonly running: number;
  readonly firing: number;
  readonly failed: number;
  readonly lost: number;
}): readonly SentencePiece[] {
  const { running, firing, failed, lost } = counts;
  const verb = (count: number) => (count === 1 ? 'is' : 'are');
  const trouble: SentencePiece[] = [
    ...(firing
      ? [
          {
            text: `${plural(firing, 'run')} ${firing === 1 ? 'has' : 'have'} a firing alert`,
            state: 'al-firing' as const,
          },
        ]
      : []),
    ...(lost ? [{ text: `${plural(lost, 'run')} ${verb(lost)} lost`, state: 'st-lost' as const }] : []),
    ...(failed ? [{ text: `${plural(failed, 'run')} failed within a day`, state: 'st-failed' as const }] : []),
  ];
  const alive = running ? `${plural(running, 'run')} ${verb(running)} running.` : 'Nothing runs.';
  if (trouble.length === 0) return [{ text: running ? alive : 'Nothing runs, and nothing failed within a day.' }];
  return trouble.flatMap((part, index) => {
    const isLast = index === trouble.length - 1;
    return [part, { text: isLast ? `. ${alive}` : index === trouble.length - 2 ? ' and ' : ', ' }];
  });
}
