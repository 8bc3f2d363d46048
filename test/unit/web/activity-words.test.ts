import { describe, expect, it } from 'vitest';
import type { ActivityView } from '../../../collector/api/contract/activity.ts';
import { activityWords, actorOf, valueText } from '../../../web/src/lib/activity-words.ts';

const entry = (part: Partial<ActivityView>): ActivityView => ({
  ...{ timestamp: '2026-01-31T12:00:00.000000', field: 'status', key: '', before: null, after: null },
  ...{ author: '', instance: '', ...part },
});

describe('activity in words', () => {
  it('says what happened', () => {
    expect(activityWords(entry({ field: 'run', after: '"running"' })).text).toBe('created, running');
    expect(activityWords(entry({ field: 'tag', key: 'LES', before: '"LES"' })).text).toBe('tag LES removed');
    const alert = entry({ field: 'alert', key: 'grows', after: '"critical"' });
    expect(activityWords(alert).text).toBe('alert grows fires');
    expect(activityWords({ ...alert, before: alert.after, after: null }).text).toBe('alert grows is over');
    expect(activityWords(entry({ field: 'metadata', key: 'a.b', after: '1' }))).toEqual({
      text: 'a.b added',
      values: true,
    });
  });
  it('shows texts without quotes and what was cut off as it is', () => {
    expect(['"two words"', '[1,2]', null, '"cut…'].map(valueText)).toEqual(['two words', '[1,2]', '–', '"cut…']);
  });
  it('names the user, the writer, or the collector', () => {
    expect(actorOf(entry({ author: 'ann', instance: 'x' }))).toBe('ann');
    expect(actorOf(entry({ instance: '0123456789' }))).toBe('process 01234567');
    expect(actorOf(entry({ after: '"lost"' }))).toBe('collector, no sign of life');
    expect(actorOf(entry({ after: '"running"' }))).toBe('the program');
  });
});
