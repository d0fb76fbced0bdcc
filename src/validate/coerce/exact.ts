/** An exact decimal: units / 10^scale. */
export type Exact = { readonly units: bigint; readonly scale: number };

/** At another scale, or null when digits that are not zero would be lost. */
export function rescale(value: Exact, scale: number): bigint | null {
  if (scale >= value.scale) return value.units * 10n ** BigInt(scale - value.scale);
  const divisor = 10n ** BigInt(value.scale - scale);
  return value.units % divisor === 0n ? value.units / divisor : null;
}

/** At no more than this scale, rounded half away from zero. */
export function roundTo(value: Exact, scale: number): Exact {
  if (value.scale <= scale) return value;
  const divisor = 10n ** BigInt(value.scale - scale);
  const half = value.units < 0n ? -divisor / 2n : divisor / 2n;
  return { units: (value.units + half) / divisor, scale };
}

export function add(a: Exact, b: Exact): Exact {
  const scale = Math.max(a.scale, b.scale);
  return { units: rescale(a, scale)! + rescale(b, scale)!, scale };
}

/** Below zero when `a` is less than `b`, zero when they are equal. */
export function compareExact(a: Exact, b: Exact): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = rescale(a, scale)! - rescale(b, scale)!;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Canonical text: all digits of the scale, no leading zeros, no `-0`. */
export function formatExact({ units, scale }: Exact): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
