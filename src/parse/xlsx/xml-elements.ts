import type { ErrorCode } from '../../core/codes.ts';
import { appendXmlText, type ByteSink } from './xml-text.ts';
import { scanXml, type XmlFail } from './xml-scanner.ts';

/** Attributes by name. One with a prefix is listed as `:` and its local name: `r:id` is `:id`. */
export type Attributes = ReadonlyMap<string, string>;

export type ElementHandler = {
  readonly open: (name: string, attributes: Attributes) => void;
  readonly close?: (name: string) => void;
};

/** Reads a small part of a workbook, one of those that hold all they say in elements and attributes. */
export function readElements(part: Buffer, handler: ElementHandler, fail: XmlFail): void {
  const sink: ByteSink = { bytes: Buffer.alloc(256), length: 0 };
  const scanner = scanXml(
    {
      wantsText: false,
      open: (bytes, nameStart, nameEnd, tagEnd) =>
        handler.open(bytes.toString('utf8', nameStart, nameEnd), readAttributes(bytes, nameEnd, tagEnd, sink, fail)),
      close: (bytes, nameStart, nameEnd) => {
        handler.close?.(bytes.toString('utf8', nameStart, nameEnd));
        return false;
      },
      text: () => {},
    },
    fail,
  );
  scanner.push(part);
  scanner.step();
  scanner.finish();
}

function readAttributes(bytes: Buffer, from: number, to: number, sink: ByteSink, fail: XmlFail): Attributes {
  const attributes = new Map<string, string>();
  const failText = (what: string, code: ErrorCode = 'source-unreadable') => fail(code, what);
  let at = from;
  for (;;) {
    while (at < to && bytes[at]! <= 0x20) at++;
    if (at >= to) return attributes;
    const equals = bytes.indexOf(0x3d, at);
    if (equals < 0 || equals >= to) throw failText('has an attribute without a value');
    const name = bytes.toString('utf8', at, equals).trim();
    let start = equals + 1;
    while (start < to && bytes[start]! <= 0x20) start++;
    const end = bytes.indexOf(bytes[start]!, start + 1);
    if (end < 0 || end >= to) throw failText('has an attribute whose value has no end');
    if (sink.bytes.length < end - start) sink.bytes = Buffer.alloc(2 * (end - start));
    sink.length = 0;
    appendXmlText(sink, bytes, start + 1, end, false, failText);
    attributes.set(name.replace(/^.*:/, ':'), sink.bytes.toString('utf8', 0, sink.length));
    at = end + 1;
  }
}
