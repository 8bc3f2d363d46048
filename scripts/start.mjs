// `npm start -- [options]`: the collector with the page, built if need be. `npm start -- --help` lists the options.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled } from './ensure.mjs';
import { followChild, root } from './repository.mjs';

await ensureInstalled();
await ensureBuilt();
const collector = spawn(process.execPath, [join(root, 'collector/dist/main.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = await followChild(collector);
