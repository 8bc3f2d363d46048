import { describe, expect, it } from 'vitest';
import { RunDeletion } from '../../../../collector/pipeline/run-deletion.ts';

/** Runs that are there, and what was asked in which order. */
function deletionOf(runs: Set<string>, content: string[] = [], failures: string[] = []) {
  const asked: string[] = [];
  const deletion = new RunDeletion({
    catalog: {
      deleteRuns: async (ids) => {
        asked.push(`catalog ${ids.length}`);
        return ids.filter((id) => runs.delete(id));
      },
      expiredRuns: async (limit) => [...runs].slice(0, limit),
      artifacts: {
        contentToRemove: async (limit) => content.slice(0, limit),
        contentRemoved: async (ids) => void content.splice(0, ids.length),
      },
    },
    telemetry: {
      deleteRuns: async () => {
        const failure = failures.pop();
        if (failure !== undefined) throw new Error(failure);
        asked.push('telemetry');
      },
    },
    resolver: { forget: () => undefined },
    files: { remove: async (id) => void asked.push(`file ${id}`) },
    onDeleted: (id) => asked.push(`told ${id}`),
  });
  return { asked, deletion };
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `run ${index}`);

describe('the deletion of runs', () => {
  it('takes the row first, then the data, then the content of artifacts, and tells of it at the end', async () => {
    const { asked, deletion } = deletionOf(new Set(['a']), ['picture']);
    await deletion.delete(['a']);
    expect(asked).toEqual(['catalog 1', 'telemetry', 'file picture', 'told a']);
  });

  it('finishes what failed the first time when it is asked again', async () => {
    const { asked, deletion } = deletionOf(new Set(['a']), ['picture'], ['disk full']);
    await expect(deletion.delete(['a'])).rejects.toThrow('disk full');
    await deletion.delete(['a']);
    expect(asked).toEqual(['catalog 1', 'catalog 1', 'telemetry', 'file picture', 'told a']);
  });

  it('deletes all that have expired, some at a time, and lets others have their turn in between', async () => {
    const runs = new Set(names(125));
    const { asked, deletion } = deletionOf(runs);
    const turn = (): void => {
      if (asked.push('turn') < 1000) setImmediate(turn);
    };
    setImmediate(turn);
    expect(await deletion.deleteExpired()).toBe(125);
    expect(runs.size).toBe(0);
    const steps = asked.filter((entry) => entry.startsWith('catalog'));
    expect(steps).toEqual([...Array.from({ length: 12 }, () => 'catalog 10'), 'catalog 5']);
    expect(asked.join()).not.toMatch(/catalog 10,catalog/);
  });
});
