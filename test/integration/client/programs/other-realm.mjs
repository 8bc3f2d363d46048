// The package in a realm of its own, as Jest has one: errors, buffers and promises of Node's modules are of another.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const context = vm.createContext({ process, Buffer, ArrayBuffer, Uint8Array, URL, AbortController, AbortSignal, Blob });
Object.assign(context, {
  performance,
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  setImmediate,
  clearImmediate,
});
const modules = new Map();
/** One after the other: a module that is being linked for one cannot be linked for another. */
let imported = Promise.resolve();

function load(url) {
  if (!modules.has(url))
    modules.set(url, url.startsWith('file:') && url.includes('/dist/') ? source(url) : outside(url));
  return modules.get(url);
}

async function source(url) {
  const importModuleDynamically = (specifier) => {
    imported = imported.then(() => evaluated(resolve(specifier, url)));
    return imported;
  };
  const initializeImportMeta = (meta) => Object.assign(meta, { url });
  const options = { context, identifier: url, importModuleDynamically, initializeImportMeta };
  return new vm.SourceTextModule(readFileSync(fileURLToPath(url), 'utf8'), options);
}

async function outside(url) {
  const exports = await import(url);
  const set = function () {
    for (const name of Object.keys(exports)) this.setExport(name, exports[name]);
  };
  return new vm.SyntheticModule(Object.keys(exports), set, { context, identifier: url });
}

const resolve = (specifier, from) => (specifier.startsWith('.') ? new URL(specifier, from).href : specifier);

async function evaluated(url) {
  const module = await load(url);
  if (module.status === 'unlinked') await module.link((specifier, from) => load(resolve(specifier, from.identifier)));
  await module.evaluate();
  return module;
}

const index = await evaluated(import.meta.resolve('simvue-otel'));
context.Run = index.namespace.Run;
await vm
  .runInContext(
    `(async () => {
    const run = new Run({ suppressErrors: false });
    await run.init({ name: 'other-realm', metadata: { n: { m: 1 }, at: new Date(0) } });
    run.logMetrics({ a: 1, grid: new Float64Array([1, 2]) }, { timestamp: new Date() });
    run.logEvent(new RangeError('of the realm'));
    void run.saveObject(new Map([['bytes', new Uint8Array(2)]]), 'output', { name: 'map' });
    return [run.id, await run.close()];
  })()`,
    context,
  )
  .then(([id, closed]) => console.log(JSON.stringify({ id, closed })));
