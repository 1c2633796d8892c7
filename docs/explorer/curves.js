// The charts of the nearest precomputed point, their legends, and the same numbers as tables.

import { written, toNumber } from "./exact.js";
import { lineStyle, makeChart, powerOfTen, scientific } from "./charts.js";
import { byId, element, formula } from "./page.js";
import { inNotation } from "./theory.js";

const UNIT = 1e-4; // of the stored logarithms

export function makeCurves(data) {
  const grid = [...new Set([...data.flops, ...data.frontier_flops])].sort((one, other) => one - other);
  const sizes = data.sizes.map((size) => Math.log10(size));
  const sized = data.sizes.map((size, n) => {
    const name = `d = ${Number.isInteger(sizes[n]) ? powerOfTen(sizes[n]) : size}`;
    return { name, end: name, kind: "line", colour: `line-${n % 5}`, dash: lineStyle(n) };
  });
  const frontier = { name: "frontier", end: "", kind: "points", colour: "frontier" };
  const guide = { name: "slope", end: "", kind: "guide", colour: "guide" };
  const lossSeries = [...sized, guide, frontier];
  const sizeSeries = [guide, frontier];
  let rows = { loss: null, size: null };
  let shown = null;
  const legends = {
    loss: makeLegend(byId("loss-legend"), lossSeries, (n, on) => charts.loss.toggle(n, on)),
    size: makeLegend(byId("size-legend"), sizeSeries, (n, on) => charts.size.toggle(n, on)),
  };
  const charts = {
    loss: makeChart(byId("loss-chart"), {
      series: lossSeries,
      x: "compute f = r·B·d",
      y: "loss P",
      right: 62,
      height: (width) => Math.round(Math.min(Math.max(width * 0.62, 260), 420)),
      onHover: (index) => legends.loss.values(index === null ? null : rows.loss.map((row) => row[index])),
    }),
    size: makeChart(byId("size-chart"), {
      series: sizeSeries,
      x: "compute f = r·B·d",
      y: "best size d*",
      right: 16,
      height: (width) => Math.round(Math.min(Math.max(width * 0.62, 240), 420)),
      onHover: (index) => legends.size.values(index === null ? null : rows.size.map((row) => row[index])),
    }),
  };

  const spread = (abscissas, values) => {
    const known = new Map(abscissas.map((each, n) => [each, values[n] === null ? null : values[n] * UNIT]));
    return grid.map((each) => (known.has(each) ? known.get(each) : undefined));
  };

  /** A power law through the constant, or through the last point of the frontier. */
  function line(exponent, constant, values) {
    const last = values.findLastIndex((each) => each !== null && each !== undefined);
    const level = constant > 0 ? Math.log10(constant) : last < 0 ? null : values[last] - exponent * grid[last];
    const [low, high] = [data.frontier_flops[0], data.frontier_flops.at(-1)];
    return grid.map((each) => (level === null || each < low || each > high ? null : level + exponent * each));
  }

  function show(found, near) {
    if (!near || near === shown?.near) return;
    shown = { found, near };
    const { curves, frontier: best, constants } = near.values;
    const [eta, xi] = [toNumber(near.found.eta), toNumber(near.found.xi)];
    const [loss, size] = [spread(data.frontier_flops, best.log10_loss), spread(data.frontier_flops, best.log10_d)];
    const withLogs = near.found.logs.length > 0;
    const constant = withLogs ? null : constants;
    rows = {
      loss: [grid, ...curves.map((each) => spread(data.flops, each)), line(-eta, constant?.C, loss), loss],
      size: [grid, line(xi, constant?.c, size), size],
    };
    charts.loss.show(rows.loss);
    charts.size.show(rows.size);
    const law = (letter, power, value, [, ...columns]) =>
      constant
        ? `${letter} ~ ${Number(value.toPrecision(4))}·f^(${power})${distance(columns.at(-1), columns.at(-2))}`
        : `slope f^(${power})${withLogs ? ", its logarithms left out" : ""}`;
    const [minusEta, plusXi] = [`\u2212${written(near.found.eta)}`.replace("\u2212\u2212", ""), written(near.found.xi)];
    legends.loss.rename(sized.length, law("P*", minusEta, constant?.C, rows.loss));
    legends.size.rename(0, law("d*", plusXi, constant?.c, rows.size));
    legends.loss.values(null);
    legends.size.values(null);
    which(found, near);
    summaries(near, loss, size);
    if (byId("numbers").open) numbers();
  }

  /** How far the exact values still are from a law at the largest budget, where that is seen. */
  function distance(exact, law) {
    const last = exact.findLastIndex((each, n) => typeof each === "number" && typeof law[n] === "number");
    if (last < 0 || Math.abs(exact[last] - law[last]) < Math.log10(1.1)) return "";
    const factor = Number((10 ** (exact[last] - law[last])).toPrecision(2));
    return ` as f → ∞; at ${powerOfTen(grid[last])} exactly ${factor} times that`;
  }

  function which(found, near) {
    const box = byId("which");
    const place = `α = ${written(near.a)}, β = ${written(near.b)}`;
    const name =
      near.found.kind === "phase" ? `phase ${near.name}` : `on ${near.name.replaceAll("|", "\u2009|\u2009")}`;
    box.classList.toggle("other", !near.exact);
    box.textContent = near.exact
      ? `Computed at this point, ${place}.`
      : found.kind === "outside"
        ? `There is no law at the point; shown is the nearest one computed, ${place}, ${name}.`
        : `Not this point: the nearest one computed${near.name === found.name ? "" : ", though not in the same phase,"} is ${place}, ${name}.`;
  }

  function summaries(near, loss, size) {
    const ends = (values) => {
      const known = values.map((each, n) => [grid[n], each]).filter(([, each]) => each !== null && each !== undefined);
      return known.length ? [known[0], known.at(-1)] : null;
    };
    const [of, best] = [ends(loss), ends(size)];
    const at = ([f, value]) => `${scientific(value)} at f = ${powerOfTen(f)}`;
    byId("loss-summary").textContent = of ? `The least loss falls from ${at(of[0])} to ${at(of[1])}.` : "";
    byId("size-summary").textContent = best ? `The best size grows from ${at(best[0])} to ${at(best[1])}.` : "";
  }

  function cells(name, values) {
    return element("tr", {}, ...values.map((each, n) => element(n ? "td" : "th", n ? {} : { scope: name }, each)));
  }

  const head = (names) =>
    element("thead", {}, element("tr", {}, ...names.map((each) => element("th", { scope: "col" }, each))));

  function numbers() {
    const names = ["f", ...sized.map((each) => `P, ${each.name}`), "P*", "d*"];
    const columns = [...rows.loss.slice(1, 1 + sized.length), rows.loss.at(-1), rows.size.at(-1)];
    const body = grid.map((f, n) =>
      cells("row", [
        Number.isInteger(f) ? powerOfTen(f) : scientific(f),
        ...columns.map((column) => scientific(column[n], 4)),
      ]),
    );
    const place = `α = ${written(shown.near.a)}, β = ${written(shown.near.b)}`;
    const caption = element("caption", {}, `Exact losses and frontier at ${place}. ${data.setting.text}`);
    const table = element("table", { class: "numbers" }, caption, head(names), element("tbody", {}, ...body));
    byId("numbers").querySelector("div").replaceChildren(table);
  }

  function phases() {
    const setting = data.notations[0].id;
    const maths = (text) => formula(text);
    const row = (name, where, each) => {
      const cell = (content) => element("td", {}, content);
      return element(
        "tr",
        {},
        element("th", { scope: "row" }, name),
        cell(maths(where)),
        cell(maths(inNotation(each.xi.latex, setting).replace(/^\\xi\s*=\s*/, ""))),
        cell(maths(inNotation(each.eta.latex, setting).replace(/^\\eta\s*=\s*/, ""))),
        cell(
          each.tradeoff
            ? each.tradeoff.join(" = ")
            : each.scales?.length
              ? "logarithms"
              : each.jumps?.length
                ? "ξ jumps"
                : "no logarithm",
        ),
      );
    };
    const table = (caption, last, body) =>
      element(
        "table",
        {},
        element("caption", {}, caption),
        head(["name", "where", "ξ", "η", last]),
        element("tbody", {}, ...body),
      );
    const inside = data.phases.map((each) => row(each.name, inNotation(each.region.latex, setting), each));
    const lines = data.lines.map((each) =>
      row(
        each.neighbours.join("\u2009|\u2009"),
        `${inNotation(each.equation, setting)}\\ (${inNotation(each.where.latex, setting)})`,
        each,
      ),
    );
    byId("table")
      .querySelector("div")
      .replaceChildren(
        table("The seven phases", "trade-off", inside),
        table("The lines between them", "on the line", lines),
      );
  }

  byId("numbers").addEventListener("toggle", (event) => event.target.open && numbers());
  byId("table").addEventListener("toggle", (event) => event.target.open && phases());

  return {
    show,
    theme() {
      charts.loss.theme();
      charts.size.theme();
    },
  };
}

/** Buttons that show and hide lines, with the values under the mouse. */
function makeLegend(box, series, toggle) {
  const buttons = series.map((each, n) => {
    const [name, value] = [element("span", {}, each.name), element("span", { class: "value", "aria-hidden": "true" })];
    const button = element("button", { type: "button", "aria-pressed": "true" }, swatch(each), name, value);
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      toggle(n, on);
    });
    box.append(button);
    return { name, value };
  });
  return {
    rename: (n, text) => (buttons[n].name.textContent = text),
    values: (column) =>
      buttons.forEach(
        ({ value }, n) =>
          (value.textContent = column && typeof column[n + 1] === "number" ? scientific(column[n + 1]) : ""),
      ),
  };
}

function swatch(each) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 30 10", width: 30, height: 10, "aria-hidden": "true" }))
    svg.setAttribute(key, value);
  const shape = document.createElementNS(svg.namespaceURI, each.kind === "points" ? "circle" : "line");
  const dash = each.kind === "guide" ? [3, 3] : (each.dash ?? []);
  const look =
    each.kind === "points"
      ? { cx: 15, cy: 5, r: 3 }
      : { x1: 0, x2: 30, y1: 5, y2: 5, "stroke-dasharray": dash.join(" ") };
  for (const [key, value] of Object.entries(look)) shape.setAttribute(key, value);
  shape.style[each.kind === "points" ? "fill" : "stroke"] = `var(--${each.colour})`;
  svg.append(shape);
  return svg;
}
