"""Claims as text: every spelling of a formula is read as the same formula, and nothing else is read, let alone evaluated."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import pytest
import strategies
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scalesym.errors import ParameterError
from scalesym.phases import phase_table
from scalesym.powerlaw.polynomials import Ratio
from scalesym.theorems.grammar import parse
from scalesym.theorems.statements import holds

F = Fraction
POINTS = [(F(n, 7), F(m, 5)) for n, m in ((1, 4), (3, 2), (6, 9), (11, -2), (25, 31), (2, 13))]
Node = tuple[object, ...]


# -- what is read ----------------------------------------------------------------------------------------------------------


@st.composite
def formulas(draw: st.DrawFn, depth: int = 3) -> Node:
    """Trees of the four operations, powers and signs over the letters and decimals."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(
            st.sampled_from([("alpha",), ("beta",)])
            | st.sampled_from(["1", "2", "3", "0.5", "1.25", "7"]).map(lambda n: (n,))
        )
    kind = draw(st.sampled_from("+-*/^n"))
    part = formulas(depth - 1)
    if kind == "^":
        return kind, draw(part), draw(st.integers(0, 3))
    return (kind, draw(part)) if kind == "n" else (kind, draw(part), draw(part))


def value(node: Node, point: tuple[Fraction, Fraction]) -> Fraction:
    """Its value; ZeroDivisionError where it has none."""
    kind, *parts = node
    if not parts:
        return {"alpha": point[0], "beta": point[1]}.get(str(kind)) or F(str(kind))
    first = value(parts[0], point)  # type: ignore[arg-type]
    if kind == "n":
        return -first
    if kind == "^":
        return first ** parts[1]  # type: ignore[operator]
    other = value(parts[1], point)  # type: ignore[arg-type]
    return {"+": first + other, "-": first - other, "*": first * other}[str(kind)] if kind != "/" else first / other


def spelled(node: Node, draw: st.DrawFn, style: int) -> str:
    """The tree as text: ASCII with ``**``, with ``^`` and implied products, or in Greek."""
    kind, *parts = node
    space = draw(st.sampled_from(["", " "]))
    if not parts:
        return {"alpha": "α", "beta": "β"}.get(str(kind), str(kind)) if style == 2 else str(kind)
    first = f"({spelled(parts[0], draw, style)})"  # type: ignore[arg-type]
    if kind == "n":
        return f"{'−' if style == 2 else '-'}{space}{first}"
    if kind == "^":
        power = "²" if style == 2 and parts[1] == 2 else f"{'^' if style else '**'}{parts[1]}"
        return first + power
    other = f"({spelled(parts[1], draw, style)})"  # type: ignore[arg-type]
    sign = {"*": ["*", "", "·"][style], "-": "−" if style == 2 else "-"}.get(str(kind), str(kind))
    return f"{first}{space}{sign}{space}{other}"


@settings(max_examples=200)
@given(st.data(), formulas(), st.integers(0, 2))
def test_every_spelling_is_the_same_formula(data: st.DataObject, tree: Node, style: int) -> None:
    text = f"{'η' if style == 2 else 'eta'}={spelled(tree, data.draw, style)}"
    assume(len(text) <= 400 and text.count("(") <= 30)
    refusal = ""
    try:
        ratio = parse(text).eta
    except ParameterError as error:
        ratio, refusal = None, error.reason
    assert refusal in ("", "it divides by zero", "its degree is above 8")
    if refusal:
        return
    assert ratio is not None
    for point in POINTS:
        if ratio.bottom.at(point):
            assert F(ratio.at(point)) == value(tree, point)


EQUAL = {
    "(4*alpha - 1)/(4*alpha)": [
        *("1-1/(4alpha)", "1 - 1/(4*alpha)", "1−1/(4α)", "1 - 0.25/alpha", "1-(4alpha)^-1", "1-(4 alpha)**(-1)"),
        *("(1-1/(4alpha))", "-1/(4alpha)+1", "- -1 - .25/α", "1 - 1./(4·α)", "(4α-1)/4/α"),
    ],
    "2*alpha^2*beta - beta": [
        *("2alpha^2beta-beta", "2 alpha^2 beta - beta", "2α²β−β", "beta(2alpha^2-1)", "beta (2alpha^2-1)", "β(2α²−1)"),
        *(
            "(2alpha**2-1)beta",
            "(2alpha^2-1)(beta)",
            "(2·α^2−1)·β",
            "alpha^2(2beta)-beta",
            "beta(alpha^2 + (alpha - 1)(alpha+1))",
        ),
    ],
    "alpha*beta": ["alpha beta", "αβ", "α β", "alpha(beta)", "(alpha)beta", "beta*+alpha", "(alpha\n*beta)"],
}


def same(one: Ratio | None, other: Ratio | None) -> bool:
    assert one is not None
    assert other is not None
    return all(F(one.top.at(p)) * other.bottom.at(p) == F(other.top.at(p)) * one.bottom.at(p) for p in POINTS)


@pytest.mark.parametrize(("plain", "spelling"), [(plain, each) for plain, many in EQUAL.items() for each in many])
def test_spellings(plain: str, spelling: str) -> None:
    assert same(parse(f"eta={spelling}").eta, parse(f"eta={plain}").eta)
    assert same(parse(f"xi = {spelling} where III").xi, parse(f"eta={plain}").eta)


@given(strategies.exponents())
def test_numbers_stay_exact(point: tuple[Fraction, Fraction]) -> None:
    read = parse(f"eta={point[0]}, xi=({point[1]})")
    assert read.eta is not None
    assert read.xi is not None
    assert (F(read.eta.at((F(1), F(1)))), F(read.xi.at((F(1), F(1))))) == point
    third = parse("eta=0.1234567890123456789012345678901234567890").eta
    assert third is not None
    assert F(third.at(POINTS[0])) == F("0.1234567890123456789012345678901234567890")


def test_parts_may_come_in_any_order_and_one_may_be_missing() -> None:
    both = parse("xi = 1/2, eta = alpha")
    assert (both.eta and both.eta.text, both.xi and both.xi.text, both.where) == ("α", "1/2", ())
    assert parse("xi=1/2").eta is None
    assert parse(" ξ=1/2 , where IVa ").text == "ξ=1/2 , where IVa"


@pytest.mark.parametrize("name", [entry.name for entry in phase_table().phases])
@pytest.mark.parametrize("form", ["where={}", "where {}", "where = phase {}", "where={} "])
def test_a_phase_by_name_is_its_region(name: str, form: str) -> None:
    read = parse("xi=1/2, " + form.format(name))
    for point in [(F(n, 20) + F(1, 997), F(m, 20) + F(1, 991)) for n in range(40) for m in range(-10, 40)]:
        assert all(holds(each, point) for each in read.where) == phase_table()[name].region.holds(point)


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("2alpha>1, beta>alpha", lambda a, b: 2 * a > 1 and b > a),
        ("2alpha>1 and beta>alpha", lambda a, b: 2 * a > 1 and b > a),
        ("2α>1 & β≥α", lambda a, b: 2 * a > 1 and b >= a),
        ("2/7 <= alpha < 4 <= 5beta", lambda a, b: F(2, 7) <= a < 4 <= 5 * b),
        ("1/alpha > 2/beta", lambda a, b: 1 / a > 2 / b),
        ("1/(alpha-1) >= -3", lambda a, b: 1 / (a - 1) >= -3),
        ("1/alpha <= beta/(1-alpha)", lambda a, b: 1 / a <= b / (1 - a)),
        ("alpha = 3/7", lambda a, b: a == F(3, 7)),
        ("5beta == 4", lambda a, b: 5 * b == 4),
        ("α ≠ 3/7, β ≤ 2", lambda a, b: a != F(3, 7) and b <= 2),
        ("1 < 2", lambda a, b: True),
        ("2 < 1", lambda a, b: False),
    ],
)
def test_conditions_mean_what_they_say(text: str, true: object) -> None:
    assert callable(true)
    read = parse(f"xi=1/2, where={text}")
    for point in POINTS:
        assert all(holds(each, point) for each in read.where) == true(*point)


def test_a_condition_does_not_hold_where_it_is_undefined() -> None:
    read = parse("xi=1/2, where=1/(alpha-beta)>=0")
    assert not all(holds(each, (F(1), F(1))) for each in read.where)


# -- what is refused ---------------------------------------------------------------------------------------------------------

REFUSED = {
    "nothing": ["", " ", ",", "eta", "eta=", "eta= ", "xi=,eta=1", "eta=1,,xi=1/2", ",eta=1", "eta=1,", "eta=()"],
    "other names": [
        "zeta=1",
        "Eta=1",
        "gamma=1",
        "eta:1",
        "eta=gamma",
        "eta=Alpha",
        "eta=alpha2",
        "eta=alphabeta",
        "eta=os",
        "eta=e",
    ],
    "twice": ["eta=1, eta=1", "eta=1, xi=2, xi=2", "eta=1=2", "eta==1", "η=1, eta=2"],
    "calls": [
        "eta=f(1)",
        "eta=sqrt(2)",
        "eta=exec(alpha)",
        "eta=(alpha)f(1)",
        "eta=1(2)f()",
        "eta=print(1)",
        "eta=alpha()",
    ],
    "code": [
        *("eta=alpha.real", "eta=1..real", "eta=().a", "eta='a'", 'eta="a"', "eta=[1]", "eta={1}", "eta=alpha[0]"),
        *("eta=lambda: 1", "eta=(lambda: 1)()", "eta=[x for x in y]", "eta=alpha if beta else 1", "eta=(a:=1)"),
        *(
            "eta=alpha;beta",
            "eta=not alpha",
            "eta=alpha and beta",
            "eta=1 or 2",
            "eta=alpha is beta",
            "eta=await alpha",
        ),
        *(
            "eta=(yield)",
            "eta=*alpha",
            "eta=#",
            "eta=1#2",
            "eta=...",
            "eta=None",
            "eta=True",
            "eta=alpha\\\n+1",
            "eta=f'{1}'",
        ),
        *("eta=`id`", "eta=$(id)", "eta=@alpha", "eta=1\nimport os"),
    ],
    "numbers": [
        "eta=1j",
        "eta=0x10",
        "eta=1_0",
        "eta=007",
        "eta=1e5",
        "eta=1.2.3",
        "eta=inf",
        "eta=nan",
        "eta=٣",
        "eta=1.e99999",
    ],
    "operations": [
        "eta=alpha//2",
        "eta=alpha%2",
        "eta=alpha@2",
        "eta=~alpha",
        "eta=alpha<<2",
        "eta=alpha|1",
        "eta=5!",
        "eta=2 3",
    ],
    "powers": [
        "eta=alpha^9",
        "eta=alpha^-9",
        "eta=alpha^beta",
        "eta=2^(1/2)",
        "eta=alpha^0.5",
        "eta=9^9^9^9",
        "eta=(alpha^4)^4",
        "eta=alpha³",
    ],
    "zero": ["eta=1/0", "eta=1/(alpha-alpha)", "eta=0^-1", "eta=1/0.0", "eta=(1-1)^(-2)", "eta=alpha/(1-2/2)"],
    "too much": [
        *(f"eta={'(' * 31}1{')' * 31}", f"eta={'9' * 70}", f"eta={'9' * 62}*alpha", "eta=1.e300", f"eta=0.{'0' * 70}1"),
        *("eta=" + "alpha*" * 9 + "1", "eta=1" + " " * 400, "eta=" + "1+" * 300 + "1", "eta=" + "2^" * 190 + "2"),
        *("eta=" + "(" * 390, "eta=" + "10^8*" * 60 + "1", "eta=1" + "/alpha" * 9),
    ],
    "broken": [
        "eta=(alpha",
        "eta=alpha)",
        "eta=1+",
        "eta=/2",
        "eta=alpha 2",
        "eta=(1,2)",
        "eta=1\x00",
        "eta=\ud800",
        "eta=1\n+2",
    ],
    "conditions": [
        *("eta=1 where", "eta=1, where=", "where=III", "where=alpha>1", "eta=1, where=VII", "eta=1, where=alpha"),
        *(
            "eta=1, where=alpha>",
            "eta=1, where=>1",
            "eta=1, where=alpha=>1",
            "eta=1, where=alpha<>1",
            "eta=1, where=III,",
        ),
        *("eta=1, where=III, alpha>1", "eta=1, where=where=III", "eta=1, where=iii", "eta=1, where=not III"),
        *("eta=1, where=alpha>f(1)", "eta=1, where=eta>1", "eta=1, where=1<alpha<", "eta=1, where=alpha>1,,beta>1"),
        *("eta=1, where=alpha>1/0", "eta=1, where=alpha>1 or beta>1", "eta=1, where=(alpha>1)", "eta=1, where=alpha!1"),
    ],
}


def refusal(text: object) -> str:
    """The one line with which it is refused, within a second."""
    started = time.perf_counter()
    with pytest.raises(ParameterError) as caught:
        parse(text)  # type: ignore[arg-type]
    assert time.perf_counter() - started < 1
    said = str(caught.value)
    assert said.isprintable()
    assert len(said) < 400
    assert caught.value.name in ("claim", "where", "number")
    assert caught.value.reason
    assert caught.value.remedy
    return said


@pytest.mark.parametrize("text", [each for many in REFUSED.values() for each in many])
def test_everything_else_is_refused_in_one_line(text: str) -> None:
    refusal(text)


@pytest.mark.parametrize("value", [None, 1, 0.5, b"eta=1", ["eta=1"], F(1, 2), object()])
def test_only_text_is_a_claim(value: object) -> None:
    assert "is not text" in refusal(value)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (
            "eta=1, where=VII",
            "where = 'VII': it is neither a comparison nor a phase; write 2*alpha>1, or one of Ia, Ib,",
        ),
        ("eta=gamma+1", "claim = 'gamma+1': the name gamma means nothing here"),
        ("eta=1, xi=f(2)", "claim = 'f(2)': a call means nothing here"),
        ("eta=alpha.real", "an attribute means nothing here"),
        ("eta=1/0", "it divides by zero"),
        ("eta=alpha^9", "powers are whole numbers up to 8"),
        ("eta=1, eta=2", "claim = 'eta=2': it is not eta=… or xi=…, each once"),
        ("where=III", "it claims neither eta nor xi"),
        ("eta=1" * 100, "it has more than 400 characters"),
    ],
)
def test_a_refusal_names_the_part(text: str, part: str) -> None:
    assert part in refusal(text)


@pytest.mark.parametrize("where", ["eta={}", "xi={}", "eta=1, where=alpha>{}", "eta=1, where={}", "{}", "{}=1"])
@pytest.mark.parametrize(
    "code",
    [
        "__import__('os').system('touch {}')",
        "open('{}','w')",
        "exec(\"open('{}', 'w')\")",
        "(lambda: open('{}', 'w'))()",
    ],
)
def test_nothing_is_evaluated(code: str, where: str, tmp_path: Path) -> None:
    canary = tmp_path / "c"
    refusal(where.format(code.format(canary)))
    assert not canary.exists()


pieces = st.sampled_from(
    [
        "eta",
        "xi",
        "where",
        "=",
        ",",
        "alpha",
        "beta",
        "α",
        "ξ",
        "(",
        ")",
        "1",
        "2",
        ".",
        "^",
        "**",
        "*",
        "/",
        "-",
        "<",
        ">",
        "!=",
        "and",
        " ",
        "III",
        "0",
        "e",
        "j",
        "_",
        "if",
        "\n",
        "²",
        "≥",
    ]
)


@settings(max_examples=300)
@given(st.lists(pieces, max_size=25).map("".join) | st.text(max_size=30).map("eta={}".format) | strategies.code_texts())
def test_any_text_is_read_or_refused(text: str) -> None:
    refusal = ""
    try:
        read = parse(text)
    except ParameterError as error:
        refusal = str(error)
    assert refusal.isprintable()
    if refusal:
        return
    assert read.eta or read.xi
    for ratio in (read.eta, read.xi):
        assert ratio is None or ratio.bottom.terms
