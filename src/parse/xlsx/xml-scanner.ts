import { isUtf8 } from 'node:buffer';
import type { ErrorCode } from '../../core/codes.ts';

/**
 * What is told of an XML document, as ranges of `bytes` that hold only during the call. Names come without
 * their prefix: writers choose prefixes freely (`x:row`), and no sheet needs two elements of one local name.
 */
export type XmlHandler = {
  /** False: character data is skipped. */
  wantsText: boolean;
  /** Attributes stand between `nameEnd` and `tagEnd`. An empty element is opened and closed. */
  readonly open: (bytes: Buffer, nameStart: number, nameEnd: number, tagEnd: number) => void;
  /** True pauses the scanner behind this tag. */
  readonly close: (bytes: Buffer, nameStart: number, nameEnd: number) => boolean;
  /** One of the pieces of an element's text: entities not decoded, except that CDATA has none. */
  readonly text: (bytes: Buffer, start: number, end: number, isCdata: boolean) => void;
};

export type XmlScanner = {
  /** Takes the next bytes; those before must have been scanned to the end, by `step` until it is false. */
  readonly push: (chunk: Buffer) => void;
  /** Scans on. True: the handler paused it. False: more bytes are needed. */
  readonly step: () => boolean;
  /** Says that there are no more bytes. */
  readonly finish: () => void;
};

/** Makes the error for what is wrong with the part. */
export type XmlFail = (code: ErrorCode, what: string) => Error;

/**
 * The longest tag or text. Excel allows 32,767 characters a cell, at most 10 bytes each as references: 320 KB.
 */
const maxTokenBytes = 1024 * 1024;

const lt = 0x3c;
const gt = 0x3e;
const slash = 0x2f;
const colon = 0x3a;
const quote = 0x22;
const apostrophe = 0x27;

/**
 * Scans UTF-8 bytes in chunks of any size. It sees tags, text and CDATA; it checks that elements are balanced by
 * number, not by name. A DOCTYPE is refused: entities of its own are what "billion laughs" is made of.
 * One pass over bytes took a third of the time of `saxes`.
 */
export function scanXml(handler: XmlHandler, fail: XmlFail): XmlScanner {
  let bytes: Buffer = Buffer.alloc(0);
  let position = 0;
  let depth = 0;
  let hasRoot = false;
  let isStarted = false;

  function push(chunk: Buffer): void {
    bytes = position < bytes.length ? Buffer.concat([bytes.subarray(position), chunk]) : chunk;
    position = 0;
    if (bytes.length > maxTokenBytes + chunk.length)
      throw fail('source-unreadable', `has a tag or text of more than ${maxTokenBytes} bytes`);
    // Up to the last bracket no character is cut, and nothing behind it is handed over yet.
    const safeEnd = Math.max(bytes.lastIndexOf(gt) + 1, bytes.lastIndexOf(lt), 0);
    if (isStarted && !isUtf8(bytes.subarray(0, safeEnd))) throw fail('source-unreadable', 'is not valid UTF-8');
  }

  /** The byte order mark, if any. Four bytes tell UTF-16 from UTF-8. */
  function start(): void {
    isStarted = true;
    if ((bytes[0]! & 0xfe) === 0xfe || bytes[0] === 0 || bytes[1] === 0)
      throw fail('source-unreadable', 'is in UTF-16, which projetus does not read');
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) position = 3;
    push(Buffer.alloc(0));
  }

  /** The loop that reads every byte: in one function, on local variables, for its speed. */
  function step(): boolean {
    if (!isStarted) {
      if (bytes.length < 4) return false;
      start();
    }
    const limit = bytes.length;
    for (;;) {
      let at = position;
      while (at < limit && bytes[at] !== lt) at++;
      if (at + 1 >= limit) return false;
      if (at > position && handler.wantsText) handler.text(bytes, position, at, false);
      position = at;

      const second = bytes[at + 1]!;
      if (second === 0x21 || second === 0x3f) {
        const end = special(second === 0x3f);
        if (end < 0) return false;
        position = end;
        continue;
      }

      let nameStart = second === slash ? at + 2 : at + 1;
      at = nameStart;
      let byte = 0;
      while (at < limit && (byte = bytes[at]!) > 0x20 && byte !== gt && byte !== slash) {
        at++;
        if (byte === colon) nameStart = at;
      }
      const nameEnd = at;
      while (at < limit && (byte = bytes[at]!) !== gt) {
        at++;
        if (byte === quote || byte === apostrophe) {
          while (at < limit && bytes[at] !== byte) at++;
          at++;
        }
      }
      if (at >= limit) return false;
      position = at + 1;

      if (second === slash) {
        depth--;
        if (handler.close(bytes, nameStart, nameEnd)) return true;
      } else {
        hasRoot = true;
        const isEmpty = bytes[at - 1] === slash;
        handler.open(bytes, nameStart, nameEnd, isEmpty ? at - 1 : at);
        if (!isEmpty) depth++;
        else if (handler.close(bytes, nameStart, nameEnd)) return true;
      }
    }
  }

  /** Comments, CDATA, processing instructions. Gives the position behind it, or -1 when more bytes are needed. */
  function special(isInstruction: boolean): number {
    if (isInstruction) {
      const end = behind('?>', position + 2);
      if (end > 0) checkEncoding(position, end);
      return end;
    }
    const opening = bytes.toString('latin1', position, position + 9);
    if (opening.startsWith('<!--')) return behind('-->', position + 4);
    if (opening === '<![CDATA[') {
      const end = behind(']]>', position + 9);
      if (end > 0 && handler.wantsText) handler.text(bytes, position + 9, end - 3, true);
      return end;
    }
    if ('<![CDATA['.startsWith(opening) || '<!--'.startsWith(opening)) return -1;
    throw fail('source-unsafe', 'holds a DOCTYPE, which no workbook needs');
  }

  function behind(mark: string, from: number): number {
    const found = bytes.indexOf(mark, from, 'latin1');
    return found < 0 ? -1 : found + mark.length;
  }

  function checkEncoding(from: number, to: number): void {
    const encoding = /^<\?xml\s.*?\sencoding\s*=\s*["']([^"']*)/s.exec(bytes.toString('latin1', from, to))?.[1] ?? 'utf-8';
    if (!/^(utf-?8|us-ascii)$/i.test(encoding))
      throw fail('source-unreadable', `is in ${encoding}, which projetus does not read`);
  }

  function finish(): void {
    const hasRest = bytes.toString('latin1', position, position + 1024).trim() !== '';
    if (!hasRoot || depth !== 0 || hasRest) throw fail('source-truncated', 'ends too early');
  }

  return { push, step, finish };
}
