/** Longer names do not fit into every file system, with the marks that we add. */
const longestName = 150;

/**
 * The name of the file that an address gives: what stands behind `#`, else the last part of its path. Null when that is
 * no name of a data file. It is the configuration's word, never the server's, and it cannot lead out of a folder.
 */
export function downloadName(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { hash, pathname } = new URL(url);
  const name = decoded(hash === '' ? pathname.slice(pathname.lastIndexOf('/') + 1) : hash.slice(1));
  const isName = name !== null && name.length <= longestName && /^[\p{L}\p{N}_][\p{L}\p{N}_ .()@+-]*$/u.test(name);
  return isName && /\.(csv|tsv|txt|zip|gz|xlsx|xlsm|xls|xlsb|ods)$/i.test(name) ? name : null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
