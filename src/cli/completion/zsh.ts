import type { CompletionNode, Described } from './tree.ts';

/** A script for zsh, to be sourced behind compinit or put into a folder of \`fpath\` as \`_projetus\`. */
export function zshCompletion(nodes: readonly CompletionNode[]): string {
  return `#compdef projetus
# Completion of projetus for zsh, made by \`projetus completion zsh\`.
_projetus() {
  local at='' i
  local -a commands options
  for ((i = 2; i < CURRENT; i++)); do
    case "$at \${words[i]}" in
      ${nodes.flatMap(({ path }) => (path === '' ? [] : [quoted(path)])).join(' | ')}) at+=" \${words[i]}" ;;
    esac
  done
  case "$at \${words[CURRENT - 1]}" in
${nodes.flatMap(valuesOf).join('\n')}
  esac
  case "$at" in
${nodes.map(entriesOf).join('\n')}
  esac
  [[ $PREFIX == -* ]] && { _describe -o option options; return }
  _describe command commands || _files
}
if [[ \${funcstack[1]} == _projetus ]]; then _projetus "$@"; else compdef _projetus projetus; fi
`;
}

function valuesOf({ path, options }: CompletionNode): string[] {
  return options
    .filter(({ takesValue }) => takesValue)
    .map(({ flags, choices }) => {
      const behind = flags.map((flag) => quoted(`${path} ${flag}`)).join(' | ');
      return `    ${behind}) ${choices.length === 0 ? '_files' : `compadd -- ${choices.join(' ')}`}; return ;;`;
    });
}

function entriesOf({ path, commands, options, choices }: CompletionNode): string {
  const words = [...commands, ...choices.map((name) => ({ name, description: '' }))];
  const flags = options.flatMap((option) => option.flags.map((name) => ({ name, description: option.description })));
  return `    ${quoted(path)}) commands=(${words.map(entry).join(' ')}) options=(${flags.map(entry).join(' ')}) ;;`;
}

/** A colon parts name and description. */
function entry({ name, description }: Described): string {
  return quoted(description === '' ? name : `${name}:${description}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
