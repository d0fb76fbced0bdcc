import { count } from './report-table.ts';

export type Line = { readonly name: string; readonly points: readonly Point[] };
export type Point = { readonly rows: number; readonly microseconds: number };

const size = { width: 720, height: 360 };
const plot = { left: 60, right: 540, top: 40, bottom: 310 };
const marks = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** In the order of the lines; told apart by their dashes too. */
const dashes = ['none', '8 4', '2 4'];

/**
 * Microseconds per row against rows, both logarithmic: constant cost is a level line. An SVG rather than a Mermaid chart,
 * which has neither logarithmic axes nor a legend; it follows the reader's light or dark theme.
 */
export function growthPicture(lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points);
  const x = scale(
    points.map(({ rows }) => rows),
    plot.left + 30,
    plot.right - 20,
  );
  const values = points.map((point) => point.microseconds);
  const range = [Math.min(...values) / 1.5, Math.max(...values) * 1.5];
  const y = scale(range, plot.bottom, plot.top);
  const shown = marks.filter((mark) => mark >= range[0]! && mark <= range[1]!);
  const rows = [...new Set(points.map((point) => point.rows))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="Microseconds per row against the number of rows">`,
    `<style>${css}</style>`,
    text(plot.left, 22, 'start', 'microseconds per row'),
    text((plot.left + plot.right) / 2, size.height - 10, 'middle', 'rows of the file'),
    ...shown.map((mark) => gridLine(y(mark), String(mark))),
    ...rows.map((value) => text(x(value), plot.bottom + 20, 'middle', count(value))),
    ...lines.map((line, index) => drawn(line, index, x, y)),
    ...legend(lines, y),
    '</svg>\n',
  ].join('\n');
}

const css = `
text { font: 13px system-ui, sans-serif; fill: #24292f }
.grid { stroke: #d0d7de }
.line { fill: none; stroke-width: 2.5 }
.c0 { stroke: #0969da } .c1 { stroke: #bc4c00 } .c2 { stroke: #57606a }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .grid { stroke: #30363d }
  .c0 { stroke: #58a6ff } .c1 { stroke: #f0883e } .c2 { stroke: #8b949e }
}
`;

type Scale = (value: number) => number;

function scale(values: readonly number[], from: number, to: number): Scale {
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  return (value) => from + ((Math.log(value) - low) / (high - low)) * (to - from);
}

function gridLine(y: number, label: string): string {
  const line = `<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}"/>`;
  return line + text(plot.left - 8, y + 4, 'end', label);
}

function drawn({ points }: Line, index: number, x: Scale, y: Scale): string {
  const path = points.map((point) => `${x(point.rows).toFixed(1)},${y(point.microseconds).toFixed(1)}`).join(' ');
  return `<polyline class="line c${index}" stroke-dasharray="${dashes[index]}" points="${path}"/>`;
}

/** Beside the ends of the lines, moved apart where they lie close together. */
function legend(lines: readonly Line[], y: Scale): string[] {
  const height = 18;
  let above = -Infinity;
  return lines
    .map(({ name, points }, index) => ({ name, index, at: y(points.at(-1)!.microseconds) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ name, index, at }) => {
      above = Math.max(at, above + height);
      const [start, end] = [plot.right + 8, plot.right + 32];
      const line = `<line class="line c${index}" stroke-dasharray="${dashes[index]}" x1="${start}" x2="${end}" y1="${above.toFixed(1)}" y2="${above.toFixed(1)}"/>`;
      return line + text(end + 6, above + 4, 'start', name);
    });
}

function text(x: number, y: number, anchor: 'start' | 'middle' | 'end', content: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${content}</text>`;
}
