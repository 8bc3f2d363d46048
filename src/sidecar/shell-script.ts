import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ifThere } from '../missing-file.ts';

const VARIABLE = 'SIMVUE_SHELL_ENVIRONMENT';

/** A shell script whose exported variables can be read when it has ended, as Magnus reads them. */
export class ShellScript {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly #directory: string;

  private constructor(script: string, directory: string) {
    this.#directory = directory;
    this.environment = { [VARIABLE]: join(directory, 'environment') };
    this.command = ['/bin/sh', '-c', `trap 'env -0 > "$${VARIABLE}"' EXIT\n${script}`];
  }

  static async prepare(script: string): Promise<ShellScript> {
    return new ShellScript(script, await mkdtemp(join(tmpdir(), 'simvue-shell-')));
  }

  /** What the script has exported and this process has not, or not so; empty when a signal ended it. */
  async exported(): Promise<Record<string, string>> {
    const text = await ifThere(readFile(join(this.#directory, 'environment'), 'utf8'));
    await rm(this.#directory, { recursive: true, force: true });
    const pairs = (text ?? '').split('\0').map((pair): [string, string] => {
      const separator = pair.indexOf('=');
      return [pair.slice(0, separator), pair.slice(separator + 1)];
    });
    return Object.fromEntries(pairs.filter(([name, value]) => name !== '' && process.env[name] !== value));
  }
}
