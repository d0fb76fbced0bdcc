import { cellKind } from '../../core/rows.ts';
import { dateStyle } from './date-format.ts';
import { numberText, plainNumberEnd } from './number-text.ts';
import type { RowBatchBuilder } from './row-batch-builder.ts';
import { isoCellText, serialText } from './serial-date.ts';
import type { SharedStrings } from './shared-strings.ts';
import { unescapeSheetText, type TextFail } from './xml-text.ts';

/** What a cell says it holds: the attribute `t`. */
export const cellType = { number: 0, shared: 1, text: 2, boolean: 3, error: 4, isoDate: 5 } as const;

/** What the values of a sheet depend on. */
export type ValueContext = {
  readonly strings: SharedStrings;
  /** One of `dateStyle` for each style of a cell. */
  readonly dateStyles: Uint8Array;
  readonly is1904: boolean;
};

/**
 * Turns the raw value at the end of the builder's sink into what the cell means, in place, and gives its kind.
 * Nothing is guessed: a number that is none or a boolean that is neither stays as text.
 */
export function finishValue(
  builder: RowBatchBuilder,
  type: number,
  style: number,
  context: ValueContext,
  fail: TextFail,
): number {
  const { sink } = builder;
  const start = builder.cellStart();
  if (sink.length === start) return cellKind.text;
  switch (type) {
    case cellType.shared:
      copyShared(builder, start, context.strings, fail);
      return cellKind.text;
    case cellType.number:
      return finishNumber(builder, start, context.dateStyles[style] ?? dateStyle.none, context.is1904);
    case cellType.boolean:
      return finishBoolean(builder, start);
    case cellType.error:
      return cellKind.error;
    case cellType.isoDate:
      return finishIsoDate(builder, start);
    default:
      unescapeSheetText(sink, start);
      return cellKind.text;
  }
}

function copyShared(builder: RowBatchBuilder, start: number, strings: SharedStrings, fail: TextFail): void {
  const { sink } = builder;
  let index = 0;
  for (let at = start; at < sink.length; at++) {
    const digit = sink.bytes[at]! - 0x30;
    // Beyond 2^31 the index is wrong anyway, and must not become a float that loops.
    index = digit >= 0 && digit <= 9 && index < 0x7fffffff ? index * 10 + digit : Number.POSITIVE_INFINITY;
  }
  if (index >= strings.count) {
    const raw = sink.bytes.toString('latin1', start, Math.min(sink.length, start + 20));
    throw fail(`names the shared string ${raw}, of which there are ${strings.count}`);
  }
  const from = index === 0 ? 0 : strings.ends[index - 1]!;
  const to = strings.ends[index]!;
  sink.length = start;
  builder.reserve(to - from);
  appendBytes(builder, strings.bytes, from, to);
}

/** Below 32 bytes a loop is faster than the call into native code. */
function appendBytes({ sink }: RowBatchBuilder, source: Buffer, from: number, to: number): void {
  if (to - from > 32) {
    source.copy(sink.bytes, sink.length, from, to);
    sink.length += to - from;
    return;
  }
  const target = sink.bytes;
  let length = sink.length;
  for (let at = from; at < to; at++) target[length++] = source[at]!;
  sink.length = length;
}

function finishNumber(builder: RowBatchBuilder, start: number, style: number, is1904: boolean): number {
  const { sink } = builder;
  const plainEnd = plainNumberEnd(sink.bytes, start, sink.length);
  if (plainEnd > 0 && style === dateStyle.none) {
    sink.length = plainEnd;
    return cellKind.number;
  }
  const raw = sink.bytes.toString('utf8', start, sink.length);
  const number = plainEnd > 0 ? { kind: cellKind.number, text: raw } : numberText(raw);
  const isSerial = style !== dateStyle.none && number.kind === cellKind.number;
  const date = isSerial ? serialText(Number(raw), style, is1904) : null;
  if (date !== null) return rewrite(builder, start, date, cellKind.date);
  return raw.trim() === '' ? rewrite(builder, start, '', cellKind.text) : rewrite(builder, start, number.text, number.kind);
}

function finishBoolean(builder: RowBatchBuilder, start: number): number {
  const raw = builder.sink.bytes.toString('latin1', start, builder.sink.length).trim().toLowerCase();
  if (raw === '1' || raw === 'true') return rewrite(builder, start, 'true', cellKind.boolean);
  if (raw === '0' || raw === 'false') return rewrite(builder, start, 'false', cellKind.boolean);
  return cellKind.text;
}

function finishIsoDate(builder: RowBatchBuilder, start: number): number {
  const date = isoCellText(builder.sink.bytes.toString('latin1', start, builder.sink.length));
  return date === null ? cellKind.text : rewrite(builder, start, date, cellKind.date);
}

function rewrite(builder: RowBatchBuilder, start: number, text: string, kind: number): number {
  const { sink } = builder;
  sink.length = start;
  builder.reserve(text.length * 3);
  sink.length += sink.bytes.write(text, start, 'utf8');
  return kind;
}
