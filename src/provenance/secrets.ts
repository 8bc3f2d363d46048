const SECRET = /token|secret|passw|credential|api_?-?key|private_?-?key|access_?-?key|auth/i;
const HIDDEN = '…';

/** True for a name that stands for something that nobody else may see. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

/** Arguments of a command without the values of options like `--token`, and without credentials in addresses. */
export function redactArguments(args: readonly string[]): string[] {
  return args.map((argument, index) => {
    const before = args[index - 1] ?? '';
    if (/^--?\w/.test(before) && !before.includes('=') && isSecretName(before) && !argument.startsWith('-'))
      return HIDDEN;
    const [, option, value] = /^(--?[\w-]+=)(.+)$/s.exec(argument) ?? [];
    if (option !== undefined && value !== undefined && isSecretName(option)) return option + HIDDEN;
    return argument.replace(/(\w+:\/\/)[^/@\s]*@/g, `$1${HIDDEN}@`);
  });
}

/**
 * Chooses environment variables by name; `*` at the end of a pattern stands for any ending. Secrets are never chosen.
 */
export function chooseVariables(
  environment: Readonly<Record<string, string | undefined>>,
  patterns: readonly string[],
): Record<string, string> {
  const isChosen = (name: string) =>
    patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
  const chosen = Object.entries(environment).filter(([name]) => isChosen(name) && !isSecretName(name));
  return Object.fromEntries(chosen.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
