import type { CompletionNode, CompletionOption } from './tree.ts';

/** A script for fish. */
export function fishCompletion(nodes: readonly CompletionNode[]): string {
  const paths = nodes.flatMap(({ path }) => (path === '' ? [] : [quoted(path)])).join(' ');
  return `# Completion of projetus for fish, made by \`projetus completion fish\`.
function __projetus_at
    set -l at ''
    for token in (commandline -opc)[2..-1]
        switch "$at $token"
            case ${paths}
                set at "$at $token"
        end
    end
    test "$at" = "$argv[1]"
end
${nodes.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, commands, options, choices }: CompletionNode): string[] {
  const begin = `complete -c projetus -n ${quoted(`__projetus_at ${quoted(path)}`)}`;
  return [
    ...commands.map(({ name, description }) => `${begin} -f -a ${name} -d ${quoted(description)}`),
    ...choices.map((name) => `${begin} -f -a ${name}`),
    ...options.map((option) => `${begin} ${optionWords(option)}`),
  ];
}

function optionWords({ flags, description, takesValue, choices }: CompletionOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const value = choices.length > 0 ? ['-x', '-a', quoted(choices.join(' '))] : takesValue ? ['-r'] : [];
  return [...names, ...value, '-d', quoted(description)].join(' ');
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, String.raw`\$&`)}'`;
}
