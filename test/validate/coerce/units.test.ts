import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCellReader } from '../../../src/validate/coerce/cell.ts';
import { coercerOf } from '../../../src/validate/coerce/coercer.ts';
import { createSlots } from '../../../src/validate/coerce/slots.ts';
import { unitsOf } from '../../../src/validate/coerce/units.ts';
import { batchOf, typeOf } from '../harness.ts';

it('counts the units of a number while it is read, as from its canonical text, whatever way it takes', () => {
  const digits = fc.stringMatching(/^\d{1,20}$/);
  const number = fc
    .tuple(fc.constantFrom('', '-', '+', 'R$ '), digits, fc.constantFrom('', ',5', '.25', ',00', ',', ',125'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(number, fc.constantFrom('integer', 'decimal(25,2)', 'decimal(18,0)'), (text, type) => {
      const slots = createSlots(1);
      const { cell, read } = createCellReader([]);
      read(batchOf([[text]]), 0);
      if (coercerOf(typeOf(type), 'auto')(cell, slots, 0) !== null) return;
      const { buffers, starts, ends } = slots.view;
      // -0 and 0 are one number here.
      expect(slots.units[0]! + 0).toBe(unitsOf(buffers[0]!, starts[0]!, ends[0]!) + 0);
    }),
    { numRuns: 1000 },
  );
});
