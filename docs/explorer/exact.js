// Exact rational numbers {n, d} of BigInts, d > 0 and no common factor, and polynomials of two of them.

const LONGEST = 24; // characters of a number
const LARGEST = 1000n;

const gcd = (a, b) => {
  for (a = a < 0n ? -a : a; b;) [a, b] = [b, a % b];
  return a;
};

export function rational(n, d = 1n) {
  if (d === 0n) throw new RangeError("a denominator is zero");
  const common = gcd(n, d < 0n ? -d : d) * (d < 0n ? -1n : 1n);
  return { n: n / common, d: d / common };
}

export const sum = (x, y) => rational(x.n * y.d + y.n * x.d, x.d * y.d);
export const product = (x, y) => rational(x.n * y.n, x.d * y.d);
export const quotient = (x, y) => rational(x.n * y.d, x.d * y.n);
export const negative = (x) => ({ n: -x.n, d: x.d });
export const sign = (x) => (x.n > 0n) - (x.n < 0n);
export const compare = (x, y) => sign(sum(x, negative(y)));
export const equal = (x, y) => x.n === y.n && x.d === y.d;
export const toNumber = (x) => Number(x.n) / Number(x.d);

const power = (x, k) => rational(x.n ** BigInt(k), x.d ** BigInt(k));

/** The value of [[coefficient, power of α, power of β], …]. */
export function evaluate(polynomial, a, b) {
  return polynomial
    .map(([c, i, j]) => product(rational(BigInt(c)), product(power(a, i), power(b, j))))
    .reduce(sum, rational(0n));
}

/** The value of {top, bottom}, both polynomials. */
export const ratioAt = (ratio, a, b) => quotient(evaluate(ratio.top, a, b), evaluate(ratio.bottom, a, b));

/** Reads 7/10, 0.7 or −1/5: {value}, or {error} that says what is wrong. */
export function parse(given) {
  const text = String(given).trim().replaceAll("\u2212", "-");
  if (text === "") return { error: "is empty; write a fraction such as 7/10 or a decimal such as 0.7" };
  if (text.length > LONGEST) return { error: `is too long; use at most ${LONGEST} characters` };
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:\s*\/\s*(\d+))?$/.exec(text);
  const [, minus, whole, decimals, below] = found ?? [];
  if (!found || !(whole || decimals) || (decimals !== undefined && below !== undefined))
    return { error: "is no fraction such as 7/10 and no decimal such as 0.7" };
  const n = BigInt(whole + (decimals ?? "")) * (minus === "-" ? -1n : 1n);
  const d = below === undefined ? 10n ** BigInt((decimals ?? "").length) : BigInt(below);
  if (d === 0n) return { error: "has the denominator 0" };
  const value = rational(n, d);
  if (value.n > LARGEST * value.d || -value.n > LARGEST * value.d)
    return { error: `is too large; numbers between −${LARGEST} and ${LARGEST} are understood` };
  return { value };
}

/** 12/17 with a plain minus, as the command line reads it. */
export const plain = (x) => (x.d === 1n ? `${x.n}` : `${x.n}/${x.d}`);

/** 12/17 with a true minus, for people. */
export const written = (x) => plain(x).replace("-", "\u2212");

export function latex(x) {
  if (x.d === 1n) return `${x.n}`;
  return `${x.n < 0n ? "-" : ""}\\frac{${x.n < 0n ? -x.n : x.n}}{${x.d}}`;
}

/** Six significant digits: {text, exact}. */
export function decimal(x) {
  const rounded = toNumber(x).toPrecision(6);
  const text = rounded.includes("e") ? rounded : rounded.replace(/\.?0+$/, "") || "0";
  const back = rounded.includes("e") ? {} : parse(text);
  return {
    text: (rounded.includes(".") ? text : rounded).replace("-", "\u2212"),
    exact: back.value !== undefined && equal(back.value, x),
  };
}

/** The multiple of 1/steps next to x in a direction, or ±count of them away. */
export function step(x, steps, count) {
  const scaled = x.n * BigInt(steps);
  let floor = scaled / x.d;
  if (scaled < 0n && scaled % x.d) floor -= 1n;
  const on = scaled % x.d === 0n;
  const from = count > 0 || on ? floor : floor + 1n;
  return rational(from + BigInt(count), BigInt(steps));
}

/** The multiple of 1/steps nearest to a number of the machine. */
export const nearest = (x, steps) => rational(BigInt(Math.round(x * steps)), BigInt(steps));
