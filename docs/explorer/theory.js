// Where a point lies and what follows, decided exactly from the table: the same steps as scalesym.phase(alpha, beta).

import { equal, evaluate, latex, plain, ratioAt, sign, toNumber } from "./exact.js";

const inSome = (text, names) => names.map((name) => text[name]).find((each) => each !== undefined);

/** LaTeX in a notation, or in the first one that there is. */
export function inNotation(text, notation) {
  if (text === undefined || text === null) return "";
  return typeof text === "string" ? text : (inSome(text, [notation, "paquette"]) ?? Object.values(text)[0] ?? "");
}

const LETTERS = { alpha: "α", beta: "β", gamma: "γ", eta: "η", xi: "ξ" };

/** The command line's spelling of letters, for people. */
const greek = (text) =>
  text.replace(/\b(2 )?(alpha|beta|gamma|eta|xi)\b/g, (_, two, name) => `${two ? "2" : ""}${LETTERS[name]}`);

const unique = (items) => [...new Set(items)];

/** {kind: "outside" | "phase" | "line" | "meeting", …}; exponents are exact. */
export function locate(data, a, b) {
  const signs = new Map();
  const signOf = (polynomial) => {
    const key = JSON.stringify(polynomial);
    if (!signs.has(key)) signs.set(key, sign(evaluate(polynomial, a, b)));
    return signs.get(key);
  };
  const outer = data.domain.find((polynomial) => signOf(polynomial) <= 0);
  if (outer)
    return {
      kind: "outside",
      a,
      b,
      name: "",
      reason: greek(whyOutside(data, outer, signOf(outer))),
      phases: [],
      lines: [],
    };

  const touching = data.phases.filter((p) => p.region.conditions.every(([q, s]) => [0, s].includes(signOf(q))));
  const inside = touching.filter((p) => p.region.conditions.every(([q, s]) => signOf(q) === s));
  const phases = inside.length ? inside : touching;
  const names = touching.map((p) => p.name);
  const lines = inside.length
    ? []
    : data.lines.filter(
        (line) =>
          signOf(line.curve) === 0 &&
          line.neighbours.every((name) => names.includes(name)) &&
          line.where.conditions.every(([q, s]) => [0, s].includes(signOf(q))),
      );
  const kind = inside.length ? "phase" : lines.length === 1 ? "line" : "meeting";
  const source = kind === "line" ? lines[0] : phases[0];
  const found = {
    kind,
    a,
    b,
    phases,
    lines,
    name: phases.map((p) => p.name).join("|"),
    eta: ratioAt(source.eta, a, b),
    xi: ratioAt(source.xi, a, b),
    source,
    terms: unique(phases.flatMap((p) => p.terms)),
    tradeoff: kind === "line" && lines[0].flat ? lines[0].remaining : unique(phases.flatMap((p) => p.tradeoff)),
    logs:
      kind === "line"
        ? (lines[0].scales ?? []).map(({ size, loss }) => [ratioAt(size, a, b), ratioAt(loss, a, b)])
        : [],
  };
  return { ...found, notes: notesAt(data, found, signOf) };
}

function whyOutside(data, polynomial, itsSign) {
  const key = JSON.stringify(polynomial);
  const known = (data.outside ?? []).find((each) => JSON.stringify(each.polynomial) === key && each.sign === itsSign);
  if (known) return known.text;
  if (polynomial.length === 1) return "the spectrum must fall: α > 0 is needed";
  return itsSign === 0
    ? "on α + β = 1/2 the loss does not fall with any power of d"
    : "with α + β < 1/2 the target has infinite energy";
}

function notesAt(data, found, signOf) {
  const notes = [];
  if (found.kind === "meeting") notes.push(data.line_notes?.meeting);
  if (found.kind === "line" && found.lines[0].note) notes.push(found.lines[0].note);
  else if (found.kind === "line" && !found.logs.length && !found.lines[0].flat) notes.push(data.line_notes?.none);
  for (const note of data.notes ?? []) {
    const here = note.on === "any" || found.kind === "phase";
    if (here && note.where.every(([polynomial, allowed]) => allowed.includes(signOf(polynomial))))
      notes.push(note.text);
  }
  return notes.filter(Boolean).map(greek);
}

const LOGS = ["\\log", "\\log\\log"];

/** f^{power} (log f)^{…} in LaTeX. */
export function powersLatex(power, logs, f = "\\mathfrak{f}") {
  const factors = logs.map((p, n) => (p.n === 0n ? "" : `\\,(${LOGS[n]} ${f})^{${plain(p)}}`));
  return `${f}^{${plain(power)}}${factors.join("")}`;
}

/** The leading term of a piece where the point lies; pieces may have different ones in sectors. */
export function leadingTerm(data, name, a, b) {
  const piece = data.pieces[name] ?? {};
  const holds = ([polynomial, s]) => [0, s].includes(sign(evaluate(polynomial, a, b)));
  const sector = (Array.isArray(piece) ? piece : (piece.sectors ?? [])).find((each) => each.where.every(holds));
  return { ...(Array.isArray(piece) ? {} : piece), ...sector };
}

/** The precomputed point to show: the nearest one in the same phase, or on the same line, if there is any. */
export function nearestPoint(points, found) {
  const [a, b] = [toNumber(found.a), toNumber(found.b)];
  const same = points.filter((point) => point.name === found.name);
  let [best, least] = [null, Infinity];
  for (const point of same.length ? same : points) {
    const distance = (toNumber(point.a) - a) ** 2 + (toNumber(point.b) - b) ** 2;
    if (distance < least) [best, least] = [point, distance];
  }
  return best && { ...best, exact: equal(best.a, found.a) && equal(best.b, found.b) };
}

export const exponentLatex = (letter, formula, value) => {
  const known = formula.replace(/^\\(eta|xi)\s*=\s*/, "");
  const number = latex(value);
  return `${letter}=${known === number || known === "" ? number : `${known}=${number}`}`;
};
