import type { Command } from 'commander';

/** What `--help` of a command shows below its options. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  run: [
    'simvue run --name wing-14 --folder /wings -- ./solver case.cfg',
    "simvue run --csv residuals.csv --step-column iter --events solver.log --save 'out/**' -- ./solver",
    'simvue run --key-value - -- python train.py        # loss=0.5 accuracy=0.9 in what it prints',
    "simvue run --pattern 'solver.log:Time step (?<step>\\d+).*residual (?<residual>\\S+)' -- ./solver",
    "simvue run --shell './prepare && export MAGNUS_TRACK_answer=42'",
  ],
  create: [
    'export SIMVUE_RUN=$(simvue create --name wing-14 --folder /wings --tag v2 --metadata mesh=fine)',
    'simvue status completed                            # of the run in SIMVUE_RUN',
  ],
  log: ['simvue log --step 3 loss=0.5 accuracy=0.9', 'simvue log --run $RUN --time 2.5 residual=1e-3'],
  event: ['simvue event mesh refined', 'simvue event --level error "solver has stopped"'],
  metadata: ['simvue metadata cells=12 mesh=fine', 'simvue metadata \'solver={"name": "cg", "tolerance": 1e-6}\''],
  tags: ['simvue tags converged v2', 'simvue tags --set final'],
  folder: ["simvue folder /wings --description 'Wings of 2026' --tag archive --metadata owner=me"],
  status: ['simvue status', 'simvue status failed'],
  abort: ['simvue abort --run $RUN too slow'],
  alert: [
    'simvue alert                                       # alerts of the run and their states',
    "simvue alert diverged --when 'residual is above 10' --abort",
    "simvue alert hot --when 'temperature is outside 10 90' --window 5 --notify mail",
    "simvue alert crashed --contains 'FATAL'",
    'simvue alert manual --set critical',
    'simvue alert test --run $RUN --rule rule.json      # when it would have fired',
  ],
  save: ["simvue save 'out/**/*.vtk'", 'simvue save --category input --name mesh case/mesh.msh'],
  export: [
    'simvue export $RUN --output wing-14',
    'simvue export $RUN --format parquet',
    'simvue export $RUN --format magnus > run_log.json',
  ],
  import: ['simvue import .run_log_store/syrupy-jang-1528.json --catalog .catalog'],
  ls: [
    "simvue ls --filter 'status == running' --filter 'metadata.lr < 0.01'",
    'simvue ls --sort metrics.loss --count 5 --json',
  ],
  show: ['simvue show $RUN', 'simvue show --json $RUN'],
  monitor: [
    'vmstat 1 | simvue monitor --format table --name vmstat',
    'tail -f train.log | simvue monitor --format key-value --run $SIMVUE_RUN',
  ],
  sync: [
    'simvue sync                                        # what this user has left',
    'simvue sync --watch /shared/spool                  # on a login node, while jobs write',
  ],
  config: ['simvue config', 'simvue config --profile cluster --json'],
  doctor: ['simvue doctor', 'simvue doctor --url http://127.0.0.1:4318'],
  completion: ['eval "$(simvue completion bash)"', 'simvue completion fish | source'],
};

const EXIT_CODES = `
Exit codes:
  0  done
  1  refused, no answer, no such run; doctor: something is wrong; sync: something is left
  2  wrong arguments or configuration: the message says which, and what to do
  of run: that of the command, see simvue run --help`;

/** Gives every command its examples; add it after all commands. @throws when one has none. */
export function addExamples(program: Command): void {
  program.addHelpText('after', EXIT_CODES);
  for (const command of program.commands) {
    const lines = EXAMPLES[command.name()];
    if (lines === undefined) throw new Error(`simvue ${command.name()} has no examples`);
    command.addHelpText('after', ['', 'Examples:', ...lines.map((line) => `  $ ${line}`)].join('\n'));
  }
}
