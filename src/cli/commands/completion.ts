import type { Command } from 'commander';
import type { SHELLS } from '../flags.js';
import type { Task } from '../../jobs/task.js';
import type { CliContext } from '../context.js';
import { tasks } from '../../jobs/registry.js';

type Shell = (typeof SHELLS)[number];

interface Word {
  readonly word: string;
  readonly says: string;
}

/** What may follow a command: by the words before it, such as `tenants add`; '' at the beginning. */
type Words = ReadonlyMap<string, readonly Word[]>;

export async function execute(context: CliContext, shell: Shell, _flags: object, command: Command): Promise<void> {
  const words = wordsOf(command.parent ?? command, tasks);
  context.out.write(SCRIPTS[shell](words));
}

function wordsOf(program: Command, tasks: readonly Task[]): Words {
  const words = new Map<string, readonly Word[]>();
  const visit = (command: Command, path: string) => {
    const below = command.commands.map((each) => ({ word: each.name(), says: each.description() }));
    const options = command.options.flatMap(({ long, description, hidden }) =>
      hidden || !long ? [] : [{ word: long, says: description }],
    );
    const values = path === 'sync' ? tasks.map(({ name, summary }) => ({ word: name, says: summary })) : [];
    words.set(path, [...below, ...values, ...options, { word: '--help', says: 'what can be typed' }]);
    for (const each of command.commands) visit(each, `${path} ${each.name()}`.trim());
  };
  visit(program, '');
  return words;
}

const list = (words: readonly Word[]) => words.map(({ word }) => word).join(' ');

/** In single quotes, which hold everything but themselves. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const groupsOf = (words: Words): string[] => [
  ...new Set([...words.keys()].flatMap((path) => path.split(' ').slice(0, -1))),
];

const CASES = (words: Words) =>
  [...words].map(([path, each]) => `    ${quoted(path)}) words=${quoted(list(each))} ;;`).join('\n');

const SCRIPTS: Readonly<Record<Shell, (words: Words) => string>> = {
  bash: (words) => `# Completes rollcall in bash.
_rollcall() {
  local said="\${COMP_WORDS[1]}" words=''
  [ "$COMP_CWORD" -eq 1 ] && said=''
  case "$said" in ${groupsOf(words).join('|')}) [ "$COMP_CWORD" -gt 2 ] && said="$said \${COMP_WORDS[2]}" ;; esac
  case "$said" in
${CASES(words)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _rollcall rollcall
`,
  zsh: (words) => `#compdef rollcall
_rollcall() {
  local said="\${words[2]}" choices=''
  (( CURRENT == 2 )) && said=''
  case "$said" in ${groupsOf(words).join('|')}) (( CURRENT > 3 )) && said="$said \${words[3]}" ;; esac
  case "$said" in
${CASES(words).replaceAll('words=', 'choices=')}
  esac
  compadd -- \${=choices}
}
if [ "$funcstack[1]" = "_rollcall" ]; then _rollcall "$@"; else compdef _rollcall rollcall; fi
`,
  fish: (words) =>
    `# Completes rollcall in fish.\n${[...words]
      .flatMap(([path, each]) => each.map(({ word, says }) => fishLine(path, word, says, words)))
      .join('\n')}\n`,
};

function fishLine(path: string, word: string, says: string, words: Words): string {
  const seen =
    path === ''
      ? '__fish_use_subcommand'
      : path
          .split(' ')
          .map((name) => `__fish_seen_subcommand_from ${name}`)
          .join('; and ');
  const below = (words.get(path) ?? []).filter(({ word }) => words.has(`${path} ${word}`.trim()));
  const notYet = path !== '' && below.length > 0 ? `; and not __fish_seen_subcommand_from ${list(below)}` : '';
  const kind = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
  return `complete -c rollcall -n ${quoted(`${seen}${notYet}`)} ${kind} -d ${quoted(says)}`;
}
