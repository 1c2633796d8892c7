"""The phase explorer: one file that needs nothing else, exact arithmetic, and what people see, type and hear in a browser."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from generators.explorer_page import SOURCES, build
from outside import needs

from scalesym import phase
from scalesym.errors import ParameterError
from scalesym.formulas import formula

DATA = SOURCES / "data.json"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]

#: Phases, lines, corners and far away, chosen so that each phase and each line is met.
POINTS = [
    *[("3/4", "1/4"), ("7/5", "-1/5"), ("1", "0.3"), ("3", "1/3"), ("2/5", "3/10"), ("1/3", "1/4"), ("1/10", "9/20")],
    *[("1/5", "4/5"), ("0.1", "3/2"), ("1/7", "7/3"), ("1", "7/10"), ("6/5", "11/10"), ("13/17", "2/3"), ("5", "4")],
    *[("4/5", "6/5"), ("2/3", "1"), ("11/20", "3"), ("1.5", "2.5"), ("2/5", "1"), ("3/10", "3/5"), ("0.45", "4/3")],
    *[("11/40", "1"), ("2/7", "3"), ("0.26", "0.6"), ("29/100", "51/100"), ("0.292893", "1"), ("0.292894", "1")],
    *[("3/4", "3/4"), ("1/2", "1/4"), ("1/2", "4/5"), ("1/8", "1/2"), ("11/40", "1/2"), ("2/5", "1/2"), ("1", "1/2")],
    *[("1/4", "1"), ("1/4", "2/5"), ("1/4", "1/2"), ("1/2", "1/2"), ("1/2", "3"), ("7/8", "7/8"), ("999/1000", "1")],
]
OUTSIDE = [("1/5", "1/10"), ("1/4", "1/4"), ("0", "1"), ("-1", "3"), ("1/100", "-1/2")]
HOSTILE = [
    *["1/0", "0/0", "1e999", "NaN", "Infinity", "", " ", "7/", "/7", ".", "-", "1.5/2", "0x10", "1_000", "٣"],
    *["9" * 500, "1/" + "3" * 500, "1001", "<img src=x onerror=alert(1)>", "7/10;alert(1)", "1\n2", "--1"],
]


def expected(a: str, b: str) -> dict[str, Any]:
    """What the package says at a point, in the words of the page."""
    try:
        found = phase(a, b)
    except ParameterError:
        return {"kind": "outside"}
    kind = "phase" if not found.on_boundary else "line" if len(found.lines) == 1 else "meeting"
    logarithm = found.logarithm
    return {
        "kind": kind,
        "name": found.name,
        "eta": str(found.eta),
        "xi": str(found.xi),
        "terms": list(found.terms),
        "tradeoff": list(found.tradeoff),
        "size": [str(p) for p in logarithm.size] if logarithm else [],
        "loss": [str(p) for p in logarithm.loss] if logarithm else [],
        "notes": len(found.notes),
    }


# the page as a file ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What npm installs for the explorer, of the versions that are locked."""
    if (SOURCES / "node_modules" / "axe-core" / "axe.min.js").exists():
        return SOURCES / "node_modules"
    needs("node", "npm")
    place = tmp_path_factory.mktemp("explorer")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCES / name, place)
    done = subprocess.run(["npm", "ci", "--silent", "--no-audit"], cwd=place, capture_output=True, text=True)
    assert done.returncode == 0, f"npm ci: {done.stderr[-500:]}"
    return place / "node_modules"


@pytest.fixture(scope="module")
def explorer(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("page") / "explorer.html"
    build(DATA, packages, out)
    return out


class Addresses(HTMLParser):
    """Where a page leads or what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset", "data")]


def test_the_page_is_one_file_and_loads_nothing(explorer: Path) -> None:
    text = explorer.read_text(encoding="utf-8")
    addresses = Addresses()
    addresses.feed(text)
    assert [each for each in addresses.found if not each.startswith(("#", "data:"))] == ["index.html"]  # a link home
    styles = "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
    assert set(re.findall(r"url\((?!data:font/woff2;base64,|#)[^)]{0,40}", styles)) == set()
    assert "@import" not in styles
    module = text.rsplit('<script type="module">', 1)[1]
    assert re.findall(r"^(?:import|export)\b.*", module, re.MULTILINE) == []
    assert "{{" not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)


def test_the_page_is_always_the_same(explorer: Path, packages: Path, tmp_path: Path) -> None:
    build(DATA, packages, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == explorer.read_bytes()


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="npm ci --prefix docs/explorer"):
        build(DATA, tmp_path, tmp_path / "explorer.html")
    assert not (tmp_path / "explorer.html").exists()


# exact arithmetic, in node -----------------------------------------------------------------------------------------------

ASK = """
import { readFileSync } from "node:fs";
const [exact, theory] = await Promise.all(["exact", "theory"].map((name) => import(process.argv[1] + "/" + name + ".js")));
const { points, hostile, data } = JSON.parse(readFileSync(0));
const at = (point) => {
  try {
    return located(point);
  } catch (error) {
    return { kind: `${error}` };
  }
};
const located = ([a, b]) => {
  const found = theory.locate(data, exact.parse(a).value, exact.parse(b).value);
  if (found.kind === "outside") return { kind: "outside" };
  const { kind, name, terms, tradeoff, logs, notes } = found;
  const [size, loss] = [0, 1].map((n) => logs.map((pair) => exact.plain(pair[n])));
  return { kind, name, eta: exact.plain(found.eta), xi: exact.plain(found.xi), terms, tradeoff, size, loss, notes: notes.length };
};
console.log(JSON.stringify({ points: points.map(at), hostile: hostile.map((text) => exact.parse(text).value === undefined) }));
"""


def in_node(data: Any, points: list[tuple[str, str]], hostile: list[str]) -> dict[str, Any]:
    needs("node")
    question = json.dumps({"data": data, "points": points, "hostile": hostile})
    command = ["node", "--input-type=module", "-e", ASK, SOURCES.as_uri()]
    done = subprocess.run(command, input=question, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-800:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def theory() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return data | {"points": {}}


def test_every_point_is_located_as_in_the_package() -> None:
    steps = [(str(Fraction(i, 8)), str(Fraction(j, 8))) for i in range(-1, 14) for j in range(-5, 16)]
    points = [*POINTS, *OUTSIDE, *steps]
    found = in_node(theory(), points, [])["points"]
    assert {p: f for p, f in zip(points, found, strict=True) if f != expected(*p)} == {}
    kinds = {(f["kind"], f.get("name")) for f in found}
    assert len([kind for kind, _ in kinds if kind == "phase"]) == 7
    assert len([kind for kind, _ in kinds if kind == "line"]) == 8  # the ninth, at 1 − 1/√2, has no fraction on it


def test_a_wrong_exponent_or_condition_is_seen_in_node() -> None:
    for change in ("eta", "region", "scales"):
        data = theory()
        if change == "eta":
            data["phases"][3]["eta"]["top"][0][0] += 1
        elif change == "region":
            data["phases"][3]["region"]["conditions"][0][1] *= -1
        else:
            data["lines"][6]["scales"] = []
        found = in_node(data, POINTS, [])["points"]
        assert any(f != expected(*p) for p, f in zip(POINTS, found, strict=True)), change


def test_what_is_no_number_is_refused() -> None:
    assert in_node(theory(), [], HOSTILE)["hostile"] == [True] * len(HOSTILE)
    good = ["7/10", "0.7", ".5", "1.", "-1/5", "\u22121/5", "+3", " 2 / 3 ", "1000"]
    assert in_node(theory(), [], good)["hostile"] == [False] * len(good)


# in the browser ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    needs("chromium")
    if os.environ.get("SCALESYM_REQUIRE_PROGRAMS"):
        playwright = importlib.import_module("playwright.sync_api")
    else:
        playwright = pytest.importorskip("playwright.sync_api", reason="playwright comes with the extra docs")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield found
        found.close()


Open = Callable[..., Any]


@pytest.fixture
def opened(browser: Any, explorer: Path) -> Iterator[Open]:
    """Opens the page offline; at the end, nothing but files was asked for, and nothing was complained about."""
    contexts, asked, complaints = [], [], []

    def open_page(
        fragment: str = "", width: int = 1280, file: Path = explorer, script: str = "", **options: Any
    ) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        context.set_offline(True)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if script:
            page.add_init_script(script)
        page.goto(file.as_uri() + fragment)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert complaints == []


def type_in(page: Any, a: str, b: str) -> None:
    page.fill("#alpha", a)
    page.press("#alpha", "Enter")
    page.fill("#beta", b)
    page.press("#beta", "Enter")


def until(page: Any, condition: str) -> None:
    """Wait, as the page's policy forbids Playwright to do it in the page."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{condition}: {page.evaluate('location.hash')} {shown(page)}")


def shown(page: Any) -> dict[str, Any]:
    """What stands on the page."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => ({ kind: panel.dataset.kind, title: document.querySelector("#panel h2").textContent,
          eta: eta.dataset.exact, xi: xi.dataset.exact, number: document.querySelector("#eta-number").textContent,
          tradeoff: tradeoff.dataset.names, notes: document.querySelectorAll("#notes li").length,
          terms: [...document.querySelectorAll("#pieces > li")].map((each) => each.dataset.piece),
          eta_math: document.querySelector("#eta annotation").textContent,
          problem: document.querySelector("#problem").textContent, errors: document.querySelectorAll(".katex-error").length })"""
    )


def differences(page: Any, points: list[tuple[str, str]]) -> list[str]:
    """Where the page does not show what the package says."""
    found = []
    for a, b in points:
        type_in(page, a, b)
        seen, truth = shown(page), expected(a, b)
        same = seen["kind"] == truth["kind"] and not seen["errors"]
        if same and truth["kind"] != "outside":
            same = all(seen[key] == truth[key] for key in ("eta", "xi", "terms", "notes"))
            same = same and seen["tradeoff"] == " = ".join(truth["tradeoff"])
            same = same and all(name in seen["title"] for name in truth["name"].split("|"))
            value = Fraction(truth["eta"])
            fraction = rf"\dfrac{{{value.numerator}}}{{{value.denominator}}}" if value.denominator > 1 else str(value)
            same = same and fraction in seen["eta_math"]  # what is set in type, not only what is kept beside it
        if not same:
            found.append(f"{a} {b}: {seen} {truth}")
    return found


@pytest.mark.exhaustive
def test_the_page_shows_what_the_package_says(opened: Open) -> None:
    assert differences(opened(), [*POINTS, *OUTSIDE]) == []


@pytest.mark.exhaustive
def test_a_wrong_exponent_is_seen(opened: Open, packages: Path, tmp_path: Path) -> None:
    data = json.loads(DATA.read_text(encoding="utf-8"))
    data["phases"][3]["eta"]["top"][0][0] += 1
    (tmp_path / "wrong.json").write_text(json.dumps(data), encoding="utf-8")
    build(tmp_path / "wrong.json", packages, tmp_path / "wrong.html")
    page = opened(file=tmp_path / "wrong.html")
    assert len(differences(page, [("1", "7/10"), ("4/5", "6/5")])) == 1


@pytest.mark.exhaustive
def test_mouse_and_keys_move_the_point(opened: Open) -> None:
    page = opened()
    assert shown(page)["title"] == "Phase II"
    page.click("#plane [data-phase='III']", position={"x": 30, "y": 30})
    assert shown(page)["title"] == "Phase III"
    page.click("#plane [data-phase='Ia']", position={"x": 40, "y": 20})
    assert shown(page)["title"] == "Phase Ia"
    box = page.locator("#plane [data-phase='IVa']").bounding_box()
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    assert shown(page)["title"] == "Phase IVa"
    type_in(page, "0.72", "7/10")
    page.focus("#plane")
    page.keyboard.press("ArrowRight")
    assert page.input_value("#alpha") == "3/4"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowUp")
    assert [page.input_value("#alpha"), page.input_value("#beta")] == ["7/10", "6/5"]
    for _ in range(9):
        page.keyboard.press("Shift+ArrowLeft")
    assert page.input_value("#alpha") == "0"
    assert shown(page)["kind"] == "outside"
    assert "must fall" in page.inner_text("#reason")
    page.focus("#alpha-range")
    page.keyboard.press("ArrowRight")
    assert page.input_value("#alpha") == "1/20"
    page.click("#jumps button:has-text('IVb')")
    assert shown(page)["title"] == "Phase IVb"
    until(page, "document.querySelector('#said').textContent.startsWith('Phase IVb. η = ')")


@pytest.mark.exhaustive
def test_a_finger_moves_the_point_and_scrolls_elsewhere(opened: Open) -> None:
    page = opened(width=390, has_touch=True, is_mobile=True)
    page.tap("#plane [data-phase='III']", position={"x": 30, "y": 30})
    assert shown(page)["title"] == "Phase III"
    styles = (
        "[...document.querySelectorAll('#plane svg, #plane .handle')].map((each) => getComputedStyle(each).touchAction)"
    )
    assert page.evaluate(styles) == ["auto", "none"]


@pytest.mark.exhaustive
def test_what_is_refused_leaves_the_point(opened: Open) -> None:
    page = opened("#a=4/5&b=6/5")
    before = shown(page)
    for text in [each for each in HOSTILE if "\n" not in each]:
        page.fill("#alpha", text)
        page.press("#alpha", "Enter")
        seen = shown(page)
        assert seen["problem"].startswith("α = "), text
        assert {**seen, "problem": ""} == before, text
        assert page.get_attribute("#alpha", "aria-invalid") == "true"
    page.fill("#alpha", "7/10")
    page.press("#alpha", "Enter")
    assert shown(page)["problem"] == ""
    assert shown(page)["eta"] == str(phase("7/10", "6/5").eta)


@pytest.mark.exhaustive
def test_the_address_keeps_the_point(opened: Open) -> None:
    page = opened("#a=7/10&b=4/5&notation=bordelon&theme=dark")
    assert shown(page)["eta"] == str(phase("7/10", "4/5").eta)
    assert page.input_value("#notation") == "bordelon"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"
    type_in(page, "1/2", "4/5")
    until(page, "location.hash.startsWith('#a=1/2&')")
    again = opened(page.evaluate("location.hash"))
    assert shown(again) == shown(page)
    assert again.input_value("#notation") == "bordelon"
    page.evaluate("location.hash = '#a=1&b=1/2'")
    until(page, "panel.dataset.kind === 'line' && eta.dataset.exact === '2/3'")
    page.go_back()
    until(page, "eta.dataset.exact === '1/2'")


@pytest.mark.exhaustive
@pytest.mark.parametrize("text", ["1/0", "1e999", "NaN", "", "9" * 400, "<img src=x onerror=alert(1)>", "%00%ff"])
def test_hostile_addresses_do_no_harm(opened: Open, text: str) -> None:
    page = opened(f"#a={text}&b=4/5&notation=__proto__&theme={text}&c={text}")
    assert "In the address" in shown(page)["problem"]
    assert [page.input_value("#alpha"), page.input_value("#beta")] == ["1", "4/5"]
    assert page.locator("img").count() == 0
    until(page, "location.hash === '#a=1&b=4/5'")


@pytest.mark.exhaustive
def test_the_notation_changes_every_formula(opened: Open) -> None:
    page = opened(script="navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    for name in ("paquette", "bordelon", "source-capacity"):
        page.select_option("#notation", name)
        page.click("#copy-eta")
        until(page, "document.querySelector('#copied').innerText.includes('Copied')")
        assert page.evaluate("copied") == formula("eta.II").latex(notation=name) + r"=\frac{12}{17}"
        page.click("#pieces li:first-child button.copy")
        assert page.evaluate("copied") == formula("F_pp.asymptotic").latex(notation=name)
    page.click("#commands button >> nth=0")
    assert page.evaluate("copied") == "scalesym phase 1 7/10"
    page.click("#commands button:has-text('Copy link')")
    assert page.evaluate("copied").endswith("explorer.html#a=1&b=7/10&notation=source-capacity")


@pytest.mark.exhaustive
def test_a_closed_clipboard_leaves_the_text_to_be_copied(opened: Open) -> None:
    page = opened(script="navigator.clipboard.writeText = () => Promise.reject(new Error('closed'))")
    page.click("#copy-xi")
    page.wait_for_selector("#copied textarea")
    assert page.input_value("#copied textarea") == r"\xi=\frac{\beta}{\alpha+\beta}=\frac{7}{17}"
    assert page.evaluate("getSelection().toString() || document.activeElement.value") != ""


@pytest.mark.exhaustive
def test_lines_and_curves_say_what_they_are(opened: Open) -> None:
    page = opened("#a=1/2&b=4/5")
    assert shown(page)["title"] == "On the line between III and IVa"
    statement = page.locator("#statements annotation").last.text_content()
    assert r"(\log\log \mathfrak{f})^{1/2}" in statement
    assert "may diverge" in page.inner_text("#beside")
    assert "Computed at this point" in page.inner_text("#which")
    type_in(page, "2/7", "3")
    assert "Not this point" in page.inner_text("#which")
    assert "phase IVb" in page.inner_text("#which")
    assert "1 + 2α" in page.inner_text("#notes")
    type_in(page, "1/10", "1")
    assert "unproved" in page.inner_text("#notes")


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("letters", "law", "frontier"),
    [
        ("#a=1&b=7/10", r"\asymp", r"\asymp"),
        ("#a=1&b=1", r"\asymp", r"\asymp"),
        ("#a=1&b=1/2", "o(1)", r"\log"),
        ("#a=1/2&b=1/2", "o(1)", None),  # the logarithms where lines meet are not derived
    ],
)
def test_orders_are_claimed_only_where_they_hold(opened: Open, letters: str, law: str, frontier: str | None) -> None:
    page = opened(letters)
    for name in ("loss-law", "size-law"):
        assert law in page.evaluate("name => document.getElementById(name).dataset.latex", name)
    said = page.evaluate("[...document.querySelectorAll('#statements .formula')].map(each => each.dataset.latex)")
    assert said == [] if frontier is None else frontier in said[-1]


@pytest.mark.exhaustive
def test_the_numbers_in_the_table_are_those_of_the_data(opened: Open) -> None:
    data = json.loads(DATA.read_text(encoding="utf-8"))
    page = opened("#a=1&b=7/10")
    page.click("#numbers summary")
    rows = page.eval_on_selector_all(
        "#numbers tbody tr", "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")

    def read(cell: str) -> float:
        leading, _, power = cell.translate(digits).partition("×")
        return float(leading) * 10.0 ** float(power[2:])

    key = f"{data['grid']['alpha'].index('1')},{data['grid']['beta'].index('7/10')}"
    point, seen = data["points"][key], 0
    for f, row in zip(data["flops"], rows, strict=True):
        n = data["flops"].index(f)
        stored = [curve[n] for curve in point["curves"]]
        if f in data["frontier_flops"]:
            m = data["frontier_flops"].index(f)
            stored += [point["frontier"]["log10_loss"][m], point["frontier"]["log10_d"][m]]
        else:
            stored += [None, None]
        for cell, value in zip(row[1:], stored, strict=True):
            seen += value is not None
            assert (cell == "–") if value is None else read(cell) == pytest.approx(10 ** (value / 1e4), rel=6e-4)
    assert seen > 200


@pytest.mark.exhaustive
def test_charts_are_drawn_and_lines_can_be_hidden(opened: Open) -> None:
    page = opened("#a=1&b=7/10")
    inked = """() => { const c = document.querySelector("#loss-chart canvas");
        const options = { willReadFrequently: true };
        const copy = new OffscreenCanvas(c.width, c.height).getContext("2d", options); copy.drawImage(c, 0, 0);
        const d = copy.getImageData(0, 0, c.width, c.height).data;
        let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; }"""
    everything = page.evaluate(inked)
    assert everything > 5000
    button = page.locator("#loss-legend button").first
    button.focus()
    page.keyboard.press("Space")
    assert button.get_attribute("aria-pressed") == "false"
    page.wait_for_timeout(100)
    assert page.evaluate(inked) < everything - 200
    summary = page.text_content("#loss-summary")
    assert re.fullmatch(r"The least loss falls from .+×10.* at f = 10.+ to .+×10.+ at f = 10.+\.", summary)


@pytest.mark.exhaustive
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_window(opened: Open, width: int) -> None:
    page = opened(width=width)
    for a, b in [("1", "7/10"), ("11/40", "1"), ("1/2", "1/2"), ("1/5", "1/10"), ("1/10", "9/20"), ("1/8", "1/2")]:
        type_in(page, a, b)
        for name in ("paquette", "bahri", "source-capacity"):
            page.select_option("#notation", name)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (a, b, name)


@pytest.mark.exhaustive
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(opened: Open, packages: Path, theme: str, width: int) -> None:
    page = opened("#a=11/40&b=1", width=width, color_scheme=theme, bypass_csp=True)
    page.add_script_tag(path=packages / "axe-core" / "axe.min.js")
    page.evaluate(
        """() => { window.violations = (without) => axe.run({ exclude: without }).then((found) =>
             found.violations.map((each) => each.id + ": " + each.nodes.map((node) => node.html).join(" "))); }"""
    )
    assert page.evaluate("violations([])") == []
    within = "violations(['.katex-html'])"  # the many parts of formulas, which look the same everywhere, once only
    for a, b in [("1/2", "4/5"), ("1/5", "1/10"), ("2/7", "3")]:
        type_in(page, a, b)
        assert page.evaluate(within) == [], (a, b)
    for summary in page.locator("summary").all():
        summary.click()
    page.fill("#alpha", "nonsense")
    page.press("#alpha", "Enter")
    assert page.evaluate(within) == []
    page.evaluate("document.querySelector('#made').style.color = 'color-mix(in srgb, currentColor 20%, var(--page))'")
    assert any("color-contrast" in each for each in page.evaluate(within))
