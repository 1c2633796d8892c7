// The page: its state, which the address keeps, and what it shows of it.

import { parse, plain, rational, written, toNumber, nearest } from "./exact.js";
import { locate, nearestPoint } from "./theory.js";
import { makePlane } from "./plane.js";
import { makePanel } from "./panel.js";
import { makeCurves } from "./curves.js";
import { byId, element, makeCopying } from "./page.js";

const data = JSON.parse(byId("data").textContent);
const THEMES = ["auto", "light", "dark"];
const NAMES = { a: "α", b: "β" };
const SPEAK_AFTER = 400; // milliseconds without a move
const WRITE_AFTER = 150;

const state = { a: rational(1n), b: rational(7n, 10n), notation: data.notations[0].id, theme: "auto" };
const points = precomputed();

function precomputed() {
  const [alphas, betas] = ["alpha", "beta"].map((name) => data.grid[name].map((text) => parse(text).value));
  return Object.entries(data.points).map(([key, values]) => {
    const [i, j] = key.split(",").map(Number);
    return { a: alphas[i], b: betas[j], values, name: locate(data, alphas[i], betas[j]).name };
  });
}

const copying = makeCopying(byId("copied"));
const panel = makePanel(data, copying);
const curves = makeCurves(data);
const plane = makePlane(byId("plane"), data, moveTo);

function moveTo(a, b) {
  state.a = a;
  state.b = b;
  complain("");
  show();
  remember();
  speak();
}

function show() {
  const found = locate(data, state.a, state.b);
  const near = nearestPoint(points, found);
  plane.show(state.a, state.b);
  panel.show(found, state.notation);
  curves.show(found, near && { ...near, found: locate(data, near.a, near.b) });
  for (const [letter, name, low, high] of [
    ["a", "alpha", 0, 30],
    ["b", "beta", -10, 30],
  ]) {
    const value = state[letter];
    byId(name).value = written(value);
    byId(name).removeAttribute("aria-invalid");
    const range = byId(`${name}-range`);
    range.value = Math.min(Math.max(Math.round(toNumber(value) * 20), low), high);
    range.setAttribute("aria-valuetext", written(value));
  }
  byId("plane").setAttribute("aria-label", `Point in the plane, α = ${written(state.a)}, β = ${written(state.b)}`);
  document.title = `${panel.title(found)} – phase explorer – scalesym`;
}

// what is heard ---------------------------------------------------------------------------------------------------------

let speaking = 0;
function speak() {
  clearTimeout(speaking);
  speaking = setTimeout(() => (byId("said").textContent = panel.spoken(locate(data, state.a, state.b))), SPEAK_AFTER);
}

function complain(text) {
  byId("problem").textContent = text;
  byId("problem").hidden = text === "";
}

// what is typed ---------------------------------------------------------------------------------------------------------

function typed(input, letter) {
  const { value, error } = parse(input.value);
  if (error) {
    complain(`${NAMES[letter]} = “${short(input.value)}” ${error}. The point stays where it was.`);
    input.setAttribute("aria-invalid", "true");
    return;
  }
  moveTo(letter === "a" ? value : state.a, letter === "b" ? value : state.b);
}

const short = (text) => (text.length > 30 ? `${text.slice(0, 30)}…` : text);

for (const [letter, name] of [
  ["a", "alpha"],
  ["b", "beta"],
]) {
  byId(name).addEventListener("change", (event) => typed(event.target, letter));
  byId(`${name}-range`).addEventListener("input", (event) => {
    const value = rational(BigInt(Math.round(Number(event.target.value))), 20n);
    moveTo(letter === "a" ? value : state.a, letter === "b" ? value : state.b);
  });
}
byId("letters").addEventListener("submit", (event) => event.preventDefault());
byId("letters").addEventListener("keydown", (event) => {
  const which = { alpha: "a", beta: "b" }[event.target.id];
  if (event.key === "Enter" && which) {
    event.preventDefault();
    typed(event.target, which);
  }
});

for (const phase of data.phases) {
  const button = element("button", { type: "button", class: `jump phase-${phase.colour}` }, phase.name);
  button.addEventListener("click", () => {
    const inside = points.filter((point) => point.name === phase.name);
    const far = ({ a, b }) => (toNumber(a) - phase.label_at[0]) ** 2 + (toNumber(b) - phase.label_at[1]) ** 2;
    const there = inside.length
      ? inside.reduce((best, point) => (far(point) < far(best) ? point : best))
      : { a: nearest(phase.label_at[0], 100), b: nearest(phase.label_at[1], 100) };
    moveTo(there.a, there.b);
  });
  byId("jumps").append(button);
}

// notation and theme ----------------------------------------------------------------------------------------------------

for (const notation of data.notations)
  byId("notation").append(element("option", { value: notation.id }, notation.label));
byId("notation").addEventListener("change", (event) => {
  state.notation = event.target.value;
  show();
  remember();
});
byId("theme").addEventListener("change", (event) => {
  state.theme = event.target.value;
  dress();
  remember();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => curves.theme());

function dress() {
  if (state.theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = state.theme;
  byId("theme").value = state.theme;
  byId("notation").value = state.notation;
  curves.theme();
}

// the address -----------------------------------------------------------------------------------------------------------

function address() {
  const parts = [`a=${plain(state.a)}`, `b=${plain(state.b)}`];
  if (state.notation !== data.notations[0].id) parts.push(`notation=${state.notation}`);
  if (state.theme !== "auto") parts.push(`theme=${state.theme}`);
  return `#${parts.join("&")}`;
}

let writing = 0;
function remember() {
  clearTimeout(writing);
  panel.link(() => location.href.split("#")[0] + address());
  writing = setTimeout(() => history.replaceState(null, "", address()), WRITE_AFTER);
}

/** Takes from the address what can be understood, says what cannot, and keeps the rest as it is. */
function restore() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const problems = [];
  for (const letter of ["a", "b"]) {
    if (!asked.has(letter)) continue;
    const { value, error } = parse(asked.get(letter));
    if (error) problems.push(`${NAMES[letter]} = “${short(asked.get(letter))}” ${error}`);
    else state[letter] = value;
  }
  if (asked.has("notation")) {
    const known = data.notations.find((notation) => notation.id === asked.get("notation"));
    if (known) state.notation = known.id;
    else problems.push(`there is no notation “${short(asked.get("notation"))}”`);
  }
  if (asked.has("theme")) {
    if (THEMES.includes(asked.get("theme"))) state.theme = asked.get("theme");
    else problems.push(`there is no theme “${short(asked.get("theme"))}”`);
  }
  dress();
  show();
  complain(problems.length ? `In the address, ${problems.join("; ")}. That part of it is ignored.` : "");
  remember();
  speak();
}

addEventListener("hashchange", () => {
  if (location.hash === address()) return;
  if (location.hash === "#panel") return remember();
  restore();
});
byId("made").textContent =
  `${data.setting.text} Phases, lines and exponents are exact at any fraction. Made by: ${data.command}`;
restore();
