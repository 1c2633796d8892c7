// Elements, formulas and the clipboard. Text goes in as text: nothing that a user types is ever read as HTML.

export const byId = (id) => document.getElementById(id);

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Sets LaTeX into an element, once. */
export function typeset(target, latex, display = false) {
  if (target.dataset.latex === latex) return target;
  target.dataset.latex = latex;
  katex.render(latex, target, { displayMode: display, throwOnError: false, strict: "ignore", trust: false });
  return target;
}

export const formula = (latex, display = false) =>
  typeset(element(display ? "div" : "span", { class: display ? "formula" : "inline" }), latex, display);

/** Formulas that are wider than the page scroll, and then the keyboard must reach them. */
export function reachable(box) {
  for (const each of box.querySelectorAll(".formula, .region")) {
    const wide = each.scrollWidth > each.clientWidth + 1;
    if (wide) {
      each.setAttribute("tabindex", "0");
      each.setAttribute("role", "group");
      each.setAttribute("aria-label", "wide formula, scrolls");
    } else for (const name of ["tabindex", "role", "aria-label"]) each.removeAttribute(name);
  }
}

/** Buttons that copy; where the clipboard is closed, the text stands ready to be copied by hand. */
export function makeCopying(box) {
  let clearing = 0;

  async function copy(text, what) {
    clearTimeout(clearing);
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      done = false;
    }
    box.replaceChildren();
    box.hidden = false;
    if (done) {
      box.append(element("p", { role: "status" }, `Copied ${what}.`));
      clearing = setTimeout(() => (box.hidden = true), 4000);
      return;
    }
    const area = element("textarea", { readonly: "", rows: "2", "aria-label": `${what}, to be copied` });
    area.value = text;
    box.append(element("p", { role: "status" }, `The clipboard is closed to this page. Copy ${what} from here:`), area);
    area.focus();
    area.select();
  }

  function button(label, what, text) {
    const made = element("button", { type: "button", class: "copy", "aria-label": `${label}, copy ${what}` }, label);
    made.addEventListener("click", () => copy(typeof text === "function" ? text() : text, what));
    return made;
  }

  return { copy, button };
}
