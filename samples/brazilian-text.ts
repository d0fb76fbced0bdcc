/** 14 digits with valid check digits, from the first 12. */
export function cnpj(first12: string): string {
  const first = checkDigit(first12);
  return first12 + first + checkDigit(first12 + first);
}

/** Money as these files write it: `150000` when there are no cents, else `1234,56`; never a thousands separator. */
export function money(cents: number): string {
  const whole = Math.trunc(Math.abs(cents) / 100);
  const rest = Math.abs(cents) % 100;
  const sign = cents < 0 ? '-' : '';
  return rest === 0 ? `${sign}${whole}` : `${sign}${whole},${String(rest).padStart(2, '0')}`;
}

/** `05/03/2026` */
export function day(dayOfMonth: number, month: number, year: number): string {
  return `${pad(dayOfMonth, 2)}/${pad(month, 2)}/${pad(year, 4)}`;
}

/** Modulo 11 with the weights 2 to 9 from the right. */
function checkDigit(digits: string): string {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, index) => total + Number(digit) * (2 + (index % 8)), 0);
  const rest = sum % 11;
  return rest < 2 ? '0' : String(11 - rest);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
