import type { CompletionNode } from './tree.ts';

/** A script for bash. Where no word fits, bash completes file names (`-o default`). */
export function bashCompletion(nodes: readonly CompletionNode[]): string {
  return `# Completion of projetus for bash, made by \`projetus completion bash\`.
_projetus() {
  local at='' words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${nodes.flatMap(({ path }) => (path === '' ? [] : [`'${path}'`])).join(' | ')}) at+=" \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at \${COMP_WORDS[COMP_CWORD - 1]}" in
${nodes.flatMap(valuesOf).join('\n')}
    *)
      case "$at" in
${nodes.map(wordsOf).join('\n')}
      esac
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _projetus projetus
`;
}

/** Behind an option that takes a value: its choices, or nothing of ours. */
function valuesOf({ path, options }: CompletionNode): string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ flags, choices }) => {
      const behind = flags.map((flag) => `'${path} ${flag}'`).join(' | ');
      return `    ${behind}) words='${choices.join(' ')}' ;;`;
    });
}

function wordsOf({ path, commands, options, choices }: CompletionNode): string {
  const words = [...commands.map(({ name }) => name), ...choices, ...options.flatMap(({ flags }) => flags)];
  return `        '${path}') words='${words.join(' ')}' ;;`;
}
