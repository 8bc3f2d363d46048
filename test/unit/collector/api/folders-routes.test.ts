import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { FolderListSchema, TagListSchema } from '../../../../collector/api/contract/run.ts';
import { createPorts, createTestServer, folderRow } from './ports.ts';

describe('folders and tags', () => {
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

  it('tags have an id and a colour that follow from the name', async () => {
    const { get } = createTestServer(
      createPorts({
        tags: [
          { name: 'LES', runs: 2 },
          { name: 'DNS', runs: 1 },
        ],
      }),
    );
    const { json } = await get('/api/tags?count=1');
    expect(Value.Check(TagListSchema, json)).toBe(true);
    expect(json).toEqual({ count: 2, data: [expect.objectContaining({ name: 'LES', runs: 2 })] });
    const [tag] = (json as { data: { id: string; colour: string }[] }).data;
    expect(tag?.id).toMatch(/^[A-Za-z0-9]{22}$/);
    expect(tag?.colour).toMatch(/^#[0-9a-f]{6}$/);
    expect((await get('/api/tags?count=1')).json).toEqual(json);
  });
});
