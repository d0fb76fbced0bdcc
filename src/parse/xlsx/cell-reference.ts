/** The last column is XFD, the last row 1,048,576: what Excel itself can hold. */
export const maxColumns = 16_384;
export const maxRows = 1_048_576;

/** The letters of a 0-based column: 0 is A, 26 is AA. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}
