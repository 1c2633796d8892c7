// The 4+3-phase model (arXiv:2405.15074) in plain JavaScript, double precision, no packages: node plrf.mjs
//
// It answers the protocol of `scalesym oracle check` and shares no code with scalesym. Formulas are those of plrf_numpy.py:
// F and K are integrals over a closed curve in the plane of ζ = −z/m, where z = −ζ(1 − D₁(ζ)/d) is explicit, through the saddle
// points of q(z)^r; P follows from the Volterra recursion, all of whose terms are positive.

import { createInterface } from "node:readline";

class Refusal extends Error {} // there is no answer
class Unsupported extends Error {}

// ---- sums over j ≤ v -----------------------------------------------------------------------------------------------

const DIRECT = 1024, NODES = 16; // terms added one by one; nodes of a block

// Σ over N consecutive integers, exact for polynomials of degree 31: zeros of the discrete Chebyshev polynomial by Newton's
// method, and Christoffel's weights; x on [−1, 1].
function blockRule(N) {
  const beta = (k) => Math.sqrt((k * k * (1 - (k / N) ** 2)) / (4 * k * k - 1));
  const rule = [];
  for (let i = 0; i < NODES; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (NODES + 0.5)), squares = 0;
    for (let turn = 0; turn < 12; turn++) {
      let [last, p, lastSlope, slope] = [0, 1 / Math.sqrt(N), 0, 0];
      squares = 0;
      for (let k = 0; k < NODES; k++) {
        squares += p * p;
        const next = (x * p - (k ? beta(k) * last : 0)) / beta(k + 1);
        const nextSlope = (p + x * slope - (k ? beta(k) * lastSlope : 0)) / beta(k + 1);
        [last, p, lastSlope, slope] = [p, next, slope, nextSlope];
      }
      x -= p / slope;
    }
    rule.push([x, 1 / squares]);
  }
  return rule;
}

// Calls back with real numbers j and weights w so that Σ f(j) = Σ w f(j); returns where the sum ends.
function eachIndex(v, sharpness, far, use) {
  for (let j = 1; j <= Math.min(v, DIRECT); j++) use(j, 1);
  let first = DIRECT + 1;
  while (first <= (v === Infinity ? far : v)) {
    const N = Math.min(Math.floor(first / (4 * sharpness)), v - first + 1);
    if (N < 64) for (let j = first; j < first + N; j++) use(j, 1);
    else for (const [x, w] of blockRule(N)) use(first + (N - 1 + N * x) / 2, w);
    first += N;
  }
  return first;
}

const rest = (s, end) => (end - 0.5) ** (1 - s) / (s - 1); // Σ_{j≥end} j^(−s) for large ends

function powerSum(s, v) {
  let total = 0;
  const end = eachIndex(v, 1, 1e8, (j, w) => (total += w * j ** -s));
  return total + (v === Infinity ? rest(s, end) : 0);
}

// Where f falls through 0, to the last bit.
function bisect(f, low, high) {
  for (;;) {
    const middle = (low + high) / 2;
    if (!(Math.min(low, high) < middle && middle < Math.max(low, high))) return middle;
    [low, high] = f(middle) > 0 ? [middle, high] : [low, middle];
  }
}

// ---- the fixed point -----------------------------------------------------------------------------------------------

class Point {
  constructor(alpha, d, v, beta = Math.max(1, 1 - alpha)) {
    const lam = [], count = [], target = [], b2 = [];
    const end = eachIndex(v, Math.max(1, alpha), Math.max(1e8, d * 10 ** (9 / alpha)), (j, w) => {
      lam.push(j ** (-2 * alpha)), count.push(w);
      target.push(w * j ** (-2 * alpha - 2 * beta)), b2.push(w * j ** (-2 * beta));
    });
    if (v === Infinity) { // one more term, of a λ far below every ζ, carries the rest
      lam.push(end ** (-2 * alpha)), count.push(rest(2 * alpha, end) / lam.at(-1));
      target.push(rest(2 * alpha + 2 * beta, end)), b2.push(2 * beta > 1 ? rest(2 * beta, end) : 0);
    }
    Object.assign(this, { lam, count, target, b2, d, smooth: 2 * beta > 1 });
    this.trace = this.sum((x) => x);
    this.zeta0 = bisect((zeta) => this.D1(zeta) - d, 0, this.trace / d);
    this.left = bisect((zeta) => this.S2(zeta) - d, 0, this.zeta0); // dz/dζ = 0, on either side of the poles
    this.right = -1 - bisect((y) => this.S2(-1 - y) - d, 0, 1 + Math.sqrt(this.sum((x) => x * x) / d));
  }
  sum(f, weights = this.count) {
    let total = 0;
    for (let j = this.lam.length; j--; ) total += weights[j] * f(this.lam[j]); // the small ones first
    return total;
  }
  D1(zeta) { return this.sum((x) => x / (x + zeta)); }
  S2(zeta) { return this.sum((x) => (x / (x + zeta)) ** 2); }
  z(zeta) { return -zeta * (1 - this.D1(zeta) / this.d); }
  forcingLimit() { return this.sum((x) => this.zeta0 / (x + this.zeta0), this.target); }
  beyond(x) { // ζ(x) right of the spectrum
    if (!(x > this.z(this.right))) throw new Refusal("gamma (B+1) lambda_max exceeds 2");
    return bisect((zeta) => this.z(zeta) - x, -x, this.right);
  }
  m([x, y]) { // Picard: m ← 1/(1 + (1/d)Σ λ/(λm − z)), until it stands still
    if (y === 0 && x > 0 && x <= this.z(this.right)) throw new Unsupported("only outside the spectrum");
    let m = [1, 0], change = Infinity, stalls = 0;
    for (let turn = 0; turn < 100000; turn++) {
      let re = 0, im = 0;
      for (let j = 0; j < this.lam.length; j++) {
        const l = this.lam[j], a = l * m[0] - x, b = l * m[1] - y, size = (this.count[j] * l) / (a * a + b * b);
        re += a * size, im -= b * size;
      }
      const next = inverse([1 + re / this.d, im / this.d]), last = change;
      change = Math.hypot(next[0] - m[0], next[1] - m[1]) / Math.hypot(...next);
      m = next;
      if (change >= last) stalls++;
      if (change < 1e-16 || (change < 1e-5 && stalls > 20)) return m;
    }
    throw new Unsupported("the iteration converges too slowly");
  }
}

// ---- the recursion -------------------------------------------------------------------------------------------------

const times = ([a, b], [c, d]) => [a * c - b * d, a * d + b * c];
const inverse = ([a, b]) => [a / (a * a + b * b), -b / (a * a + b * b)];
const plus = ([a, b], x) => [a + x, b];
const scaled = ([a, b], x) => [a * x, b * x];
const coefficients = (gamma, B) => [2 * gamma * B, gamma * gamma * B * (B + 1), gamma * gamma * B];

function kernelNorm(point, gamma, B) {
  const [a, c, g] = coefficients(gamma, B);
  return (-g / c) * point.D1(point.beyond(a / c));
}

function criticalGamma(point, B) {
  const y = bisect((y) => -point.D1(-1 - y) - (B + 1), 0, point.trace / (B + 1));
  return 2 / (B + 1) / point.z(Math.min(-1 - y, point.right));
}

function lossLimit(point, gamma, B) {
  const norm = kernelNorm(point, gamma, B);
  if (!(norm < 1)) throw new Refusal("the kernel norm is not below 1: SGD diverges");
  return point.forcingLimit() / (1 - norm);
}

// [log q, factor of q^r in F − F_0, factor in K] at every node of the curve.
function curve(point, gamma, B) {
  const [a, c, g] = coefficients(gamma, B), { zeta0, left, right, d, lam } = point, far = point.beyond(a / c);
  const low = Math.log((zeta0 - left) / (left - far)), high = Math.log((zeta0 - right) / (right - far));
  const half = (high - low) / 2, cBeta = point.b2.reduce((s, x) => s + x, 0), nodes = [];
  const n = Math.floor(Math.min(Math.max(100 * half, 400, 4e5 / lam.length), 1000));
  for (let k = 0; k < n; k++) {
    const t = (Math.PI * (k + 0.5)) / n, size = Math.exp((low + high) / 2 + half * Math.cos(t));
    const u = [size * Math.cos(Math.sin(t)), -size * Math.sin(Math.sin(t))], over = inverse(plus(u, 1));
    const zeta = times(plus(scaled(u, far), zeta0), over);
    const dzeta = scaled(times(times(over, over), times(u, [half * Math.sin(t), Math.cos(t)])), ((far - zeta0) * Math.PI) / n);
    const D1 = [0, 0], D2 = [0, 0], N = [0, 0];
    const weights = point.smooth ? point.b2 : point.target;
    for (let j = 0; j < lam.length; j++) {
      const x = lam[j] + zeta[0], size = 1 / (x * x + zeta[1] * zeta[1]), re = x * size, im = -zeta[1] * size;
      const first = point.count[j] * lam[j], second = first * lam[j]; // times 1/(λ+ζ), and its square
      D1[0] += first * re, D1[1] += first * im;
      D2[0] += second * (re * re - im * im), D2[1] += 2 * second * re * im;
      N[0] += weights[j] * re, N[1] += weights[j] * im;
    }
    const m = plus(scaled(D1, -1 / d), 1), z = scaled(times(zeta, m), -1);
    let top = N; // for 2β > 1 without c_β, which is analytic in z: its integral is 0, its rounding is not
    if (point.smooth) top = scaled(D1, cBeta / d).map((x, part) => x - times(zeta, N)[part]);
    const dz = scaled(times(plus(scaled(D2, 1 / d), -1), dzeta), -1 / Math.PI);
    const step = times(z, plus(scaled(z, c), -a)); // q − 1
    const logQ = [0.5 * Math.log1p(2 * step[0] + step[0] ** 2 + step[1] ** 2), Math.atan2(step[1], 1 + step[0])];
    nodes.push([logQ, times(times(top, inverse(m)), dz), scaled(times(times(z, D1), dz), g)]);
  }
  return nodes;
}

// F and K after r steps.
function forcingAndKernel(nodes, atom, r) {
  let F = 0, K = 0;
  for (const [logQ, f, k] of nodes) {
    const size = Math.exp(r * logQ[0]), re = size * Math.cos(r * logQ[1]), im = size * Math.sin(r * logQ[1]);
    F += f[0] * im + f[1] * re;
    K += k[0] * im + k[1] * re;
  }
  return [F + atom, K];
}

// P(r) = F(r) + Σ_{s<r} K(r−1−s) P(s)
function loss(point, gamma, B, r) {
  lossLimit(point, gamma, B); // is it stable?
  if (r > 20000) throw new Unsupported("the recursion takes r² operations");
  const nodes = curve(point, gamma, B), atom = point.forcingLimit(), P = [], K = [];
  for (let n = 0; n <= r; n++) {
    const [F, kernel] = forcingAndKernel(nodes, atom, n);
    let total = F;
    for (let s = 0; s < n; s++) total += K[n - 1 - s] * P[s];
    P.push(total), K.push(kernel);
  }
  return P[r];
}

// ---- exact fractions and phases ------------------------------------------------------------------------------------

// A rational number as [numerator, denominator], from 7, "7/10" or "-0.35e-2".
function rational(text) {
  const found = /^([+-]?)(\d+)(?:\/(\d+)|(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?)$/.exec(String(text));
  if (!found || (found[3] && BigInt(found[3]) === 0n)) throw new Refusal("not a number");
  const [, sign, whole, under, decimals = "", exponent = "0"] = found, power = Number(exponent) - decimals.length;
  const value = BigInt(whole + decimals) * (sign === "-" ? -1n : 1n), ten = 10n ** BigInt(Math.abs(power));
  return under ? fraction(value, BigInt(under)) : power < 0 ? fraction(value, ten) : fraction(value * ten, 1n);
}
const gcd = (a, b) => (b ? gcd(b, a % b) : a < 0n ? -a : a);
const fraction = (n, d) => [n / gcd(n, d), d / gcd(n, d)].map((x) => (d < 0n ? -x : x));
const number = ([n, d]) => Number(n) / Number(d);
const add = ([a, b], [c, d], k = 1n) => fraction(a * d + k * c * b, b * d); // x + k y
const mul = ([a, b], [c, d]) => fraction(a * c, b * d);
const div = ([a, b], [c, d]) => fraction(a * d, b * c);
const whole = (n, d = 1n) => [n, d];
const sign = ([n]) => (n > 0n ? 1 : n < 0n ? -1 : 0);

function phase(a, b, what) {
  const twice = (x, k = 2n) => mul(whole(k), x), half = whole(1n, 2n), ab = mul(a, b), s = add(twice(add(a, b)), whole(-1n));
  const [x, y, quarter, diagonal] = [add(a, half, -1n), add(b, half, -1n), add(a, whole(1n, 4n), -1n), add(b, a, -1n)].map(sign);
  const between = what === "phase" && diagonal === 0 && x > 0; // II and III meet without a logarithm
  if (x === 0 || y === 0 || (quarter === 0 && y > 0) || between) throw new Refusal("on a critical line");
  const pick = (...found) => found[["phase", "xi", "eta"].indexOf(what)];
  const answer = (value) => (typeof value === "string" ? value : `${value[0]}/${value[1]}`);
  const over = add(twice(a), whole(1n)), c = add(add(add(twice(a, 3n), twice(b)), ab, -2n), whole(-1n));
  if (y < 0) return answer(x > 0 ? pick("Ia", div(whole(1n), over), div(s, over)) : pick("Ib", half, div(s, whole(2n))));
  if (x > 0 && diagonal < 0) return answer(pick("II", div(b, add(a, b)), div(s, twice(add(a, b)))));
  if (x > 0) return answer(pick("III", half, add(whole(1n), div(whole(1n, 4n), a), -1n)));
  if (quarter < 0) return answer(pick("Ic", div(s, twice(c)), div(mul(a, s), c)));
  if (sign(add(add(twice(mul(a, a)), a, -4n), whole(1n))) < 0) return answer(pick("IVa", half, a));
  const e = add(add(twice(b), ab, -2n), a, -1n);
  return answer(pick("IVb", div(add(b, a, -1n), e), div(mul(add(whole(1n), a, -2n), s), twice(e))));
}

// ---- questions -----------------------------------------------------------------------------------------------------

const SIZE = ["alpha", "d", "v"], SGD = ["gamma", "batch"], PLANE = ["alpha", "beta"];
const INPUTS = {
  zeta0: SIZE, kappa: SIZE, lambda_min: SIZE, lambda_max: SIZE, m: [...SIZE, "z"], F_0: [...SIZE, "beta"],
  K_norm: [...SIZE, ...SGD], gamma_critical: [...SIZE, "batch"], P_inf: [...SIZE, "beta", ...SGD],
  K: [...SIZE, ...SGD, "r"], F: [...SIZE, "beta", ...SGD, "r"], P: [...SIZE, "beta", ...SGD, "r"],
  phase: PLANE, xi: PLANE, eta: PLANE,
};
const POSITIVE = ["alpha", "d", "v", "gamma", "batch"], COUNTS = ["v", "batch", "r"];

function read(given, needed) {
  const exact = {}, q = {};
  for (const name of needed) {
    if (!(name in given)) throw new Refusal(`${name} is missing`);
    if (name === "z") q.z = given.z.map((part) => number(rational(part)));
    else if (name === "v" && given.v === "inf") q.v = Infinity;
    else {
      exact[name] = rational(given[name]);
      q[name] = number(exact[name]);
      if (POSITIVE.includes(name) && !(q[name] > 0)) throw new Refusal(`${name} must be positive`);
      if (COUNTS.includes(name) && (exact[name][1] !== 1n || q[name] < 0)) throw new Refusal(`${name} is a count`);
    }
  }
  if ("v" in q && !(q.v > q.d)) throw new Refusal("v must exceed d");
  if (q.v === Infinity && !(q.alpha > 0.5)) throw new Refusal("tr D diverges");
  if ("beta" in q && sign(add(add(exact.alpha, exact.beta), whole(1n, 2n), -1n)) <= 0) throw new Refusal("no power law");
  return [q, exact];
}

function answer({ quantity: name, level = "equivalent", convention = {}, in: given }) {
  const exactly = ["phase", "xi", "eta"].includes(name);
  if (!(name in INPUTS) || (!exactly && level !== "equivalent")) throw new Unsupported(`${name} at level ${level}`);
  const [q, exact] = read(given, INPUTS[name]), mean = convention.batch_gradient === "mean";
  if (exactly) return phase(exact.alpha, exact.beta, name);
  const point = new Point(q.alpha, q.d, q.v, q.beta), gamma = mean ? q.gamma / q.batch : q.gamma;
  const factor = ["P", "F", "F_0", "P_inf"].includes(name) ? number(rational(convention.loss_factor ?? "1")) : 1;
  const step = (which) => forcingAndKernel(curve(point, gamma, q.batch), point.forcingLimit(), q.r)[which];
  return {
    zeta0: () => point.zeta0,
    kappa: () => 1 / (point.zeta0 * q.d ** (2 * q.alpha)),
    lambda_min: () => point.z(point.left),
    lambda_max: () => point.z(point.right),
    m: () => point.m(q.z),
    F_0: () => factor * point.forcingLimit(),
    K_norm: () => kernelNorm(point, gamma, q.batch),
    gamma_critical: () => criticalGamma(point, q.batch) * (mean ? q.batch : 1),
    P_inf: () => factor * lossLimit(point, gamma, q.batch),
    F: () => factor * step(0),
    K: () => step(1),
    P: () => factor * loss(point, gamma, q.batch, q.r),
  }[name]();
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line), reply = { id: request.id };
  try {
    reply.value = answer(request);
  } catch (error) {
    if (error instanceof Refusal) Object.assign(reply, { refused: true, reason: error.message });
    else if (!(error instanceof Unsupported)) throw error;
    else Object.assign(reply, { unsupported: true, reason: error.message });
  }
  process.stdout.write(JSON.stringify(reply) + "\n");
}
