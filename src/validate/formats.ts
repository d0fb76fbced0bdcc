/** The formats of our own, over text as it was read. Nothing is padded: a number that lost its zeros is wrong. */
export const formats: Readonly<Record<'cnpj' | 'cpf' | 'uf', (text: string) => boolean>> = {
  /** `00394460000141` or `00.394.460/0001-41`, with right check digits. */
  cnpj: (text) => isRegistration(text, 14, punctuatedCnpj, cnpjWeights),
  /** `52998224725` or `529.982.247-25`, with right check digits. */
  cpf: (text) => isRegistration(text, 11, punctuatedCpf, cpfWeights),
  /** The 26 states and the Federal District, in capitals. */
  uf: (text) => states.has(text),
};

const punctuatedCnpj = /^\d{2}\.\d{3}\.\d{3}\/\d{4}-\d{2}$/;
const punctuatedCpf = /^\d{3}\.\d{3}\.\d{3}-\d{2}$/;
/** For the second check digit; those for the first begin one later. */
const cnpjWeights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
const cpfWeights = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2];
const states = new Set('AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO'.split(' '));

function isRegistration(text: string, size: number, punctuated: RegExp, weights: readonly number[]): boolean {
  const digits = punctuated.test(text) ? text.replace(/\D/g, '') : text;
  if (digits.length !== size) return false;
  const first = checkDigit(digits, weights, 1);
  // 00000000000 and its like have right check digits and are nobody's.
  return first === digits[size - 2] && checkDigit(digits, weights, 0) === digits[size - 1] && digits !== digits[0]!.repeat(size);
}

/** The weighted sum of the digits before it, modulo 11; null when one of them is no digit. */
function checkDigit(digits: string, weights: readonly number[], skipped: 0 | 1): string | null {
  let sum = 0;
  for (let i = 0; i + skipped < weights.length; i++) {
    const digit = digits.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return null;
    sum += digit * weights[i + skipped]!;
  }
  const rest = sum % 11;
  return String(rest < 2 ? 0 : 11 - rest);
}
