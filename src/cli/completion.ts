import type { Command } from 'commander';
import { configError } from '../errors.ts';

const SHELLS = ['bash', 'zsh', 'fish'];
/** Functions of bash need those of zsh, which a shell without a configuration has not loaded. */
const ZSH_START = `(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
autoload -Uz +X bashcompinit && bashcompinit`;

/** `simvue completion`: a script that completes commands and options; add it after all other commands. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description(
      'Prints a completion script: eval "$(simvue completion bash)", or for fish: simvue completion fish | source.',
    )
    .argument('<shell>', SHELLS.join(', '))
    .action((shell: string) => console.log(script(shell, wordsOf(program))));
}

/** What may follow each command: its options, and the names and options of the commands below it. */
function wordsOf(program: Command): ReadonlyMap<string, readonly string[]> {
  return new Map(program.commands.map((command) => [command.name(), wordsBelow(command)]));
}

function wordsBelow({ options, commands }: Command): string[] {
  const below = commands.flatMap((command) => [command.name(), ...wordsBelow(command)]);
  return [...options.flatMap(({ long }) => long ?? []), ...below];
}

function script(shell: string, words: ReadonlyMap<string, readonly string[]>): string {
  const names = [...words.keys()].join(' ');
  const cases = [...words].map(([name, options]) => `    ${name}) words="${options.join(' ')}" ;;`).join('\n');
  const bash = `_simvue() {
  local words current=\${COMP_WORDS[COMP_CWORD]}
  case \${COMP_WORDS[1]} in
${cases}
  esac
  [ "$COMP_CWORD" = 1 ] && words="${names}"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _simvue simvue`;
  if (shell === 'bash') return bash;
  if (shell === 'zsh') return `${ZSH_START}\n${bash}`;
  if (shell === 'fish') {
    const options = [...words].flatMap(([name, list]) =>
      list.map((word) => {
        const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
        return `complete -c simvue -n '__fish_seen_subcommand_from ${name}' ${what}`;
      }),
    );
    return [`complete -c simvue -n __fish_use_subcommand -f -a '${names}'`, ...options].join('\n');
  }
  throw configError('shell', `"${shell}" is not known`, `Use ${SHELLS.join(', ')}.`);
}
