/**
 * The shipped configuration with one dataset of yours in the place of its own: everything between `files:` and the next
 * key at the left margin. `block` is an entry of `extraction.files`, from its dash on.
 */
export function configWithDataset(shipped: string, block: string): string {
  const parts = /^(?<before>[^]*?\n {2}files:\n)[^]*?(?<after>\n[a-z][^]*)$/.exec(shipped)?.groups;
  if (!parts) throw new Error('the shipped configuration has no files');
  return `${parts['before']}${block.replace(/^(?=.)/gm, '    ')}${parts['after']}`;
}
