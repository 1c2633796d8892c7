// What holds at the point: phase, exponents, trade-off, pieces, statements and how to reproduce them.

import { decimal, plain, written } from "./exact.js";
import { exponentLatex, inNotation, leadingTerm, powersLatex } from "./theory.js";
import { byId, element, formula, reachable, typeset } from "./page.js";

const listed = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);

export function makePanel(data, copying) {
  const latexOf = {};
  for (const name of ["eta", "xi"])
    byId(`copy-${name}`).addEventListener("click", (event) => copying.copy(latexOf[name], event.target.dataset.what));
  let link = () => location.href;
  let setPieces = ""; // those that stand there: they change less often than the point

  const symbol = (name, notation) => inNotation(data.pieces[name]?.symbol, notation) || `\\mathrm{${name}}`;
  const title = (found) =>
    ({
      outside: () => "No power law",
      phase: () => `Phase ${found.name}`,
      line: () => `On the line between ${listed(found.phases.map((p) => p.name))}`,
      meeting: () => `Where ${listed(found.phases.map((p) => p.name))} meet`,
    })[found.kind]();

  function spoken(found) {
    if (found.kind === "outside") return `No power law: ${found.reason}.`;
    const logs = found.logs.some((pair) => pair.some((p) => p.n !== 0n)) ? " There are logarithms." : "";
    return `${title(found)}. η = ${written(found.eta)}, ξ = ${written(found.xi)}.${logs}`;
  }

  function regionOf(found, notation) {
    const both = (line) => `${inNotation(line.equation, notation)}\\ (${inNotation(line.where.latex, notation)})`;
    if (found.kind === "phase") return inNotation(found.phases[0].region.latex, notation);
    if (found.kind === "line") return both(found.lines[0]);
    return [...new Set(found.lines.map((line) => inNotation(line.equation, notation)))].join(",\\quad ");
  }

  function show(found, notation) {
    const theory = found.kind !== "outside";
    const panel = byId("panel");
    panel.dataset.kind = found.kind;
    panel.dataset.colour = theory && found.kind === "phase" ? found.phases[0].colour : "";
    byId("where-at").textContent = `α = ${written(found.a)}, β = ${written(found.b)}`;
    byId("name").textContent = title(found);
    byId("findings").hidden = !theory;
    byId("region").hidden = !theory;
    byId("reason").hidden = theory;
    byId("reason").textContent = theory
      ? ""
      : `${found.reason[0].toUpperCase()}${found.reason.slice(1)}. The phases fill α > 0, α + β > 1/2.`;
    if (theory) {
      typeset(byId("region"), regionOf(found, notation));
      findings(found, notation);
    }
    commands(found);
    reachable(panel);
  }

  function findings(found, notation) {
    const letters = data.notations.find((each) => each.id === notation) ?? {};
    const [size, flops, loss] = [
      letters.size ?? "d",
      letters.flops ?? "\\mathfrak{f}",
      letters.loss ?? "\\mathscr{P}^\\star",
    ];
    for (const [name, letter] of [
      ["eta", "\\eta"],
      ["xi", "\\xi"],
    ]) {
      const known = found.kind === "meeting" ? "" : inNotation(found.source[name].latex, notation); // each phase has its own
      latexOf[name] = exponentLatex(letter, known, found[name]);
      typeset(byId(name), latexOf[name].replaceAll("\\frac", "\\dfrac"));
      const { text, exact } = decimal(found[name]);
      byId(`${name}-number`).textContent = text === written(found[name]) ? "" : `${exact ? "=" : "≈"} ${text}`;
      byId(name).dataset.exact = plain(found[name]);
    }
    const exactly = found.kind === "phase" || (found.kind === "line" && !found.logs.length); // else logarithms multiply the powers
    typeset(byId("loss-law"), exactly ? `${loss}\\asymp ${flops}^{-\\eta}` : `${loss}=${flops}^{-\\eta+o(1)}`);
    typeset(byId("size-law"), exactly ? `${size}^\\star\\asymp ${flops}^{\\xi}` : `${size}^\\star=${flops}^{\\xi+o(1)}`);
    byId("tradeoff-title").textContent = found.tradeoff.length > 2 ? "trade-offs" : "trade-off";
    typeset(byId("tradeoff"), found.tradeoff.map((name) => symbol(name, notation)).join("\\asymp "));
    byId("tradeoff").dataset.names = found.tradeoff.join(" = ");
    byId("notes").replaceChildren(...found.notes.map((note) => element("li", {}, note)));
    byId("pieces-title").textContent =
      found.kind === "phase"
        ? "Pieces of the loss, in the order in which they dominate"
        : "Pieces of the loss on either side";
    byId("beside").hidden = found.kind === "phase";
    const pieces = found.terms.map((name) => leadingTerm(data, name, found.a, found.b));
    const key = [notation, ...found.terms, ...pieces.map((each) => each.formula_id)].join(" ");
    if (key !== setPieces)
      byId("pieces").replaceChildren(...pieces.map((each, n) => piece(found.terms[n], each, notation)));
    setPieces = key;
    statements(found, notation, { size, flops, loss });
    const names = byId("letters-of-notation");
    names.replaceChildren();
    if (letters.letters?.length) {
      names.append("In these letters ");
      letters.letters.forEach((each, n) => names.append(n ? ", " : "", formula(each)));
      names.append(".");
    }
  }

  function piece(name, known, notation) {
    const statement = inNotation(known.latex, notation);
    const head = element(
      "div",
      { class: "piece-head" },
      formula(symbol(name, notation)),
      element("span", {}, known.meaning ?? ""),
    );
    const item = element("li", { "data-piece": name }, head);
    if (statement) {
      const tools = element(
        "div",
        { class: "tools" },
        copying.button("LaTeX", `the leading term of ${known.text ?? name}`, statement),
      );
      if (known.formula_id) tools.prepend(element("code", {}, `scalesym formula ${known.formula_id}`));
      item.append(formula(statement, true), tools);
    }
    return item;
  }

  function statements(found, notation, { size, flops, loss }) {
    const box = byId("statements");
    box.replaceChildren();
    if (found.kind === "meeting") return; // the logarithms are not derived there
    box.append(element("h3", {}, "Frontier"));
    const add = (text, what) =>
      box.append(element("div", { class: "statement" }, formula(text, true), copying.button("LaTeX", what, text)));
    const law = found.kind === "phase" ? data.loss_law?.[found.name] : null;
    for (const [key, what] of [
      ["latex", "the law of the loss"],
      ["frontier_latex", "the statement of the frontier"],
    ]) {
      const text = inNotation(law?.[key], notation);
      for (const each of [text].flat().filter(Boolean)) add(each, what);
    }
    const negative = { n: -found.eta.n, d: found.eta.d };
    const best = powersLatex(
      found.xi,
      found.logs.map((pair) => pair[0]),
      flops,
    );
    const least = powersLatex(
      negative,
      found.logs.map((pair) => pair[1]),
      flops,
    );
    add(`${size}^\\star \\asymp ${best},\\qquad ${loss} \\asymp ${least}`, "the frontier at this point");
  }

  function commands(found) {
    const box = byId("commands");
    box.replaceChildren();
    const at = `${plain(found.a)} ${plain(found.b)}`;
    const lines =
      found.kind === "outside" ? [`scalesym phase ${at}`] : [`scalesym phase ${at}`, `scalesym frontier ${at}`];
    for (const line of lines)
      box.append(
        element("div", { class: "command" }, element("code", {}, line), copying.button("Copy", `“${line}”`, line)),
      );
    box.append(
      element(
        "div",
        { class: "command" },
        element("span", {}, "A link to this point"),
        copying.button("Copy link", "the link", () => link()),
      ),
    );
  }

  return { show, title, spoken, link: (made) => (link = made) };
}
