import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { FolderListSchema } from '../../../../collector/api/contract/run.ts';
import { createPorts, createTestServer, folderRow } from './ports.ts';

describe('folders', () => {
  it('folders are found by path, paged, and read by id', async () => {
    const folders = ['/a', '/a/b', '/c'].map((path, index) => folderRow({ id: `f${index}`, path }));
    const { get } = createTestServer(createPorts({ folders }));
    const list = async (filter: string) =>
      (await get(`/api/folders?filters=${encodeURIComponent(`["${filter}"]`)}`)).json;
    expect(Value.Check(FolderListSchema, await list('path contains /a'))).toBe(true);
    expect(await list('path contains /a')).toMatchObject({ count: 2, data: [{ path: '/a' }, { path: '/a/b' }] });
    expect(await list('path == /a')).toMatchObject({ count: 1, data: [{ id: 'f0', runs: 1 }] });
    expect((await get('/api/folders?start=9')).json).toEqual({ count: 3, data: [] });
    expect((await get('/api/folders/f2')).json).toMatchObject({ path: '/c' });
    expect((await get('/api/folders/f9')).status).toBe(404);
  });
});
