// The (α, β) plane: phases, lines between them, and the point, which mouse, finger and keyboard move.

import { nearest, rational, step, toNumber, compare } from "./exact.js";

const SVG = "http://www.w3.org/2000/svg";
const WINDOW = { a: [0, 1.5], b: [-0.5, 1.5] };
const MARGIN = { left: 56, right: 14, top: 34, bottom: 44 };
const TICKS = { a: ["0", "1/4", "1/2", "3/4", "1", "5/4", "3/2"], b: ["\u22121/2", "0", "1/2", "1", "3/2"] };
const CLICK = 100; // a click means the nearest multiple of 1/100
const GRID = 20; // arrow keys go along multiples of 1/20
const MOVES = { ArrowLeft: ["a", -1], ArrowRight: ["a", 1], ArrowDown: ["b", -1], ArrowUp: ["b", 1] };
const LIMITS = {
  a: [rational(0n), rational(3n, 2n)],
  b: [rational(-1n, 2n), rational(3n, 2n)],
};

function draw(parent, name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

/** Draws into `box` and calls move(a, b) with exact numbers; returns {show(a, b)}. */
export function makePlane(box, data, move) {
  const svg = draw(box, "svg", { "aria-hidden": "true", focusable: "false" });
  let at = null;
  let size = null;
  let marker = null;

  const x = (a) => MARGIN.left + ((a - WINDOW.a[0]) / (WINDOW.a[1] - WINDOW.a[0])) * size.width;
  const y = (b) => MARGIN.top + (1 - (b - WINDOW.b[0]) / (WINDOW.b[1] - WINDOW.b[0])) * size.height;
  const path = (points) => points.map(([a, b], n) => `${n ? "L" : "M"}${x(a).toFixed(1)},${y(b).toFixed(1)}`).join("");

  function redraw() {
    const width = box.clientWidth;
    if (!width) return;
    const height = Math.round(Math.min(width * 1.02, 560));
    size = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("height", height);
    frame();
    for (const phase of data.phases) region(phase);
    for (const line of data.lines) if (line.path?.length > 1) critical(line);
    outside();
    axes();
    marker = draw(svg, "g", { class: "marker" });
    if (at) place();
  }

  function frame() {
    const defs = draw(svg, "defs", {});
    const hatch = { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
    draw(draw(defs, "pattern", hatch), "line", { x1: 0, y1: 0, x2: 0, y2: 7, class: "hatch" });
    const clip = draw(defs, "clipPath", { id: "inside" });
    for (const parent of [clip, svg]) {
      const area = { x: MARGIN.left, y: MARGIN.top, width: size.width, height: size.height };
      draw(parent, "rect", parent === svg ? { ...area, class: "nothing" } : area);
    }
  }

  function region(phase) {
    const shape = draw(svg, "path", { d: `${path(phase.polygon)}Z`, class: `phase phase-${phase.colour}` });
    shape.dataset.phase = phase.name;
    const xs = phase.polygon.map(([a]) => x(a));
    const room = Math.max(...xs) - Math.min(...xs);
    if (room > 34) {
      draw(svg, "text", { x: x(phase.label_at[0]), y: y(phase.label_at[1]), class: "phase-name" }, phase.name);
    } else {
      const middle = (Math.max(...xs) + Math.min(...xs)) / 2; // too narrow: the name stands above, with a pointer
      draw(svg, "text", { x: middle, y: MARGIN.top - 14, class: "phase-name small" }, phase.name);
      draw(svg, "line", { x1: middle, x2: middle, y1: MARGIN.top - 6, y2: MARGIN.top + 8, class: "pointer" });
    }
  }

  function critical(line) {
    const kind = line.jumps?.length ? "jump" : line.scales?.length ? "logarithm" : "smooth";
    draw(svg, "path", { d: path(line.path), class: `critical ${kind}`, "clip-path": "url(#inside)" });
  }

  function outside() {
    const [left, low] = [x(0) + 12, y(-0.5) - 14];
    draw(svg, "text", { x: left, y: low - 19, class: "outside-name" }, "no power law");
    draw(svg, "text", { x: left, y: low, class: "outside-name" }, "α + β ≤ 1/2");
  }

  function axes() {
    const value = (text) => {
      const [n, d = 1] = text.replace("\u2212", "-").split("/").map(Number);
      return n / d;
    };
    const bottom = MARGIN.top + size.height;
    for (const text of TICKS.a) {
      const at = x(value(text));
      draw(svg, "line", { x1: at, x2: at, y1: bottom, y2: bottom + 5, class: "tick" });
      draw(svg, "text", { x: at, y: bottom + 19, class: "tick-name" }, text);
    }
    for (const text of TICKS.b) {
      const at = y(value(text));
      draw(svg, "line", { x1: MARGIN.left - 5, x2: MARGIN.left, y1: at, y2: at, class: "tick" });
      draw(svg, "text", { x: MARGIN.left - 9, y: at + 4, class: "tick-name left" }, text);
    }
    draw(
      svg,
      "text",
      { x: MARGIN.left + size.width / 2, y: bottom + 39, class: "axis-name" },
      "α: how fast the data’s variances fall",
    );
    const [ax, ay] = [12, MARGIN.top + size.height / 2];
    const turned = { x: ax, y: ay, class: "axis-name", transform: `rotate(-90 ${ax} ${ay})` };
    draw(svg, "text", turned, "β: how fast the target’s weights fall");
    draw(svg, "rect", { x: MARGIN.left, y: MARGIN.top, width: size.width, height: size.height, class: "edge" });
  }

  function place() {
    const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);
    const [a, b] = [toNumber(at.a), toNumber(at.b)];
    const [cx, cy] = [x(clamp(a, WINDOW.a)), y(clamp(b, WINDOW.b))];
    marker.replaceChildren();
    const beyond = clamp(a, WINDOW.a) !== a || clamp(b, WINDOW.b) !== b;
    marker.classList.toggle("beyond", beyond);
    if (!beyond) {
      draw(marker, "line", { x1: cx, x2: cx, y1: cy, y2: MARGIN.top + size.height, class: "cross" });
      draw(marker, "line", { x1: MARGIN.left, x2: cx, y1: cy, y2: cy, class: "cross" });
    }
    draw(marker, "circle", { cx, cy, r: 9, class: "halo" });
    draw(marker, "circle", { cx, cy, r: 6, class: "point" });
    draw(marker, "circle", { cx, cy, r: 22, class: "handle" });
  }

  const pointed = (event) => {
    const area = svg.getBoundingClientRect();
    const a = WINDOW.a[0] + ((event.clientX - area.left - MARGIN.left) / size.width) * (WINDOW.a[1] - WINDOW.a[0]);
    const b = WINDOW.b[1] - ((event.clientY - area.top - MARGIN.top) / size.height) * (WINDOW.b[1] - WINDOW.b[0]);
    const snapped = { a: nearest(a, CLICK), b: nearest(b, CLICK) };
    for (const letter of ["a", "b"]) {
      const [low, high] = LIMITS[letter];
      if (compare(snapped[letter], low) < 0) snapped[letter] = low;
      if (compare(snapped[letter], high) > 0) snapped[letter] = high;
    }
    move(snapped.a, snapped.b);
  };

  // a mouse drags from anywhere; a finger drags the point, and elsewhere scrolls the page or taps
  let dragging = false;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || (event.pointerType === "touch" && !event.target.classList.contains("handle"))) return;
    dragging = true;
    svg.setPointerCapture(event.pointerId);
    pointed(event);
  });
  svg.addEventListener("pointermove", (event) => dragging && pointed(event));
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => (dragging = false));
  svg.addEventListener("click", pointed);

  box.addEventListener("keydown", (event) => {
    const found = MOVES[event.key];
    if (!found || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [letter, direction] = found;
    const [low, high] = LIMITS[letter];
    let next = step(at[letter], GRID, direction * (event.shiftKey ? 10 : 1));
    if (direction > 0 && compare(next, high) > 0) next = compare(at[letter], high) > 0 ? at[letter] : high;
    if (direction < 0 && compare(next, low) < 0) next = compare(at[letter], low) < 0 ? at[letter] : low;
    move(letter === "a" ? next : at.a, letter === "b" ? next : at.b);
  });

  new ResizeObserver(redraw).observe(box);
  redraw();
  return {
    show(a, b) {
      at = { a, b };
      if (marker) place();
    },
  };
}
