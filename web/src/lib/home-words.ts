import { plural } from './numbers.ts';

/** A piece of a sentence; `state` is the class of what is said in colour. */
export interface SentencePiece {
  readonly text: string;
  readonly state?: 'al-firing' | 'st-failed' | 'st-lost';
}

/** How things are, in one sentence with numbers; what is 0 is left out, unless all is. */
export function homeSentence(counts: {
  readonly running: number;
  readonly firing: number;
  readonly failed: number;
  readonly lost: number;
}): readonly SentencePiece[] {
  const { running, firing, failed, lost } = counts;
  const verb = (count: number) => (count === 1 ? 'is' : 'are');
  const parts: SentencePiece[] = [
    ...(running ? [{ text: `${plural(running, 'run')} ${verb(running)} running` }] : []),
    ...(firing
      ? [{ text: `${firing} of them ${firing === 1 ? 'has' : 'have'} a firing alert`, state: 'al-firing' as const }]
      : []),
    ...(lost ? [{ text: `${plural(lost, 'run')} ${verb(lost)} lost`, state: 'st-lost' as const }] : []),
    ...(failed ? [{ text: `${plural(failed, 'run')} failed within a day`, state: 'st-failed' as const }] : []),
  ];
  if (parts.length === 0) return [{ text: 'Nothing runs, and nothing failed within a day.' }];
  return parts.flatMap((part, index) => {
    const isLast = index === parts.length - 1;
    return [part, { text: isLast ? '.' : index === parts.length - 2 ? ' and ' : ', ' }];
  });
}
