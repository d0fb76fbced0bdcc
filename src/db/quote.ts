/** A name as SQL takes it: `"name"`, quotes within doubled. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
