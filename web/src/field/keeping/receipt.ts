// Crockford's alphabet: no I, L, O and U.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const length = 8;

/** Multiplication modulo x^5 + x^2 + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (; b !== 0; b >>= 1) {
    if (b & 1) product ^= a;
    a <<= 1;
    if (a & 32) a ^= 0b100101;
  }
  return product;
}

/**
 * A receipt made here, as the server makes them (src/modules/identity/numbers.cpp): eight characters
 * and one that shows every slip of the pen. It can be given at the door and holds when it is sent.
 */
export function makeReceipt(
  values: Iterable<number> = crypto.getRandomValues(new Uint8Array(length)),
): string {
  let check = 0;
  let weight = 2;
  let text = "";
  for (const value of values) {
    const character = value & 31;
    check ^= times(weight, character);
    weight = times(weight, 2);
    text += alphabet[character];
  }
  return `${text.slice(0, 4)}-${text.slice(4)}-${alphabet[check]}`;
}
