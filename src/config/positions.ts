import type { Path } from './path.ts';

export type Position = { readonly line: number; readonly column: number };

/** Finds where a key or value stands. What an alias or a default put there has the position of what holds it. */
export type Positions = { readonly of: (path: Path, at: 'key' | 'value') => Position };

/** A step of the parser through the file. An offset of -1: a value that is not written (`key:`, nothing after it). */
export type YamlStep = {
  readonly kind: 'document' | 'mapping' | 'list' | 'leaf' | 'end';
  readonly offset: number;
  /** The text of a leaf. */
  readonly text: string;
};

type Place = { keyOffset: number; valueOffset: number; readonly children: Map<string | number, Place> };
type Frame = { readonly place: Place; readonly kind: 'document' | 'mapping' | 'list'; key: Place | null; index: number };

/** Makes the index from the steps of the parser: its tree of values knows no positions. */
export function indexPositions(steps: readonly YamlStep[], text: string): Positions {
  const root = placesOf(steps);
  return {
    of: (path, at) => {
      let place = root;
      for (const step of path) {
        const child = place.children.get(step);
        if (child === undefined) return lineAndColumn(text, place.keyOffset);
        place = child;
      }
      return lineAndColumn(text, at === 'key' ? place.keyOffset : place.valueOffset);
    },
  };
}

/** 1-based; columns count UTF-16 code units, as editors do. */
export function lineAndColumn(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const breaks = before.match(/\r\n|\r|\n/g)?.length ?? 0;
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  return { line: breaks + 1, column: offset - lineStart + 1 };
}

function placesOf(steps: readonly YamlStep[]): Place {
  const root: Place = { keyOffset: 0, valueOffset: 0, children: new Map() };
  const document: Frame = { place: root, kind: 'document', key: null, index: 0 };
  const frames = [document];
  for (const step of steps) {
    const frame = frames.at(-1) ?? document;
    if (step.kind === 'end') frames.pop();
    else if (step.kind === 'document') frames.push({ ...document });
    else {
      const place = enter(frame, step);
      if (step.kind !== 'leaf') frames.push({ place, kind: step.kind, key: null, index: 0 });
    }
  }
  return root;
}

/** The place of a node: a new one in a list, its key's in a mapping, the root in a document. */
function enter(frame: Frame, { offset, text }: YamlStep): Place {
  const known = frame.kind === 'document' ? frame.place : frame.key;
  if (known !== null) {
    frame.key = null;
    if (offset >= 0) known.valueOffset = offset;
    return known;
  }
  const start = offset >= 0 ? offset : frame.place.valueOffset;
  const place: Place = { keyOffset: start, valueOffset: start, children: new Map() };
  if (frame.kind === 'mapping') frame.key = place;
  frame.place.children.set(frame.kind === 'mapping' ? text : frame.index++, place);
  return place;
}
