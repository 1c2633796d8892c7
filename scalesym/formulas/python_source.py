"""Formulas as Python source: a function of its own that needs mpmath and nothing else.

The source is written from the tree, never from text: letters are parameters, letters with a definition become local
variables and quantities local functions, in the order of their use. Integrals, contours and roots come with a few lines
of numerical method each, plainer than those of :mod:`scalesym.formulas.evaluation` and independent of them; they are
meant to be read and taken along, and agree with them to some fifteen digits where parameters are moderate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import ParameterError
from .ordering import fraction, is_number, minus_in_front, signed, summands, value_of
from .trees import Tree, free_names, quantity_names

if TYPE_CHECKING:
    from .catalogue import Formula

__all__ = ["python_source"]

_FUNCTIONS = {
    "exp": "mp.exp({})",
    "log": "mp.log({})",
    "gamma": "mp.gamma({})",
    "lowergamma": "mp.gammainc({}, 0, {})",
    "uppergamma": "mp.gammainc({}, {})",
    "expint": "mp.expint({}, {})",
    "sin": "mp.sin({})",
    "cot": "mp.cot({})",
    "zeta": "mp.zeta({})",
    "digamma": "mp.digamma({})",
    "hyp2f1": "mp.hyp2f1({}, {}, {}, {})",
}
_CALLED = {"Integral": "integral", "Sum": "total", "Hankel": "hankel", "Loop": "loop"}
_SUM, _PRODUCT, _POWER, _ATOM = range(4)  # how tightly an expression holds together
_CONSTANTS = {"Infinity": "mp.inf", "Pi": "mp.pi", "EulerGamma": "mp.euler", "I": "mp.j"}
_METHODS = {
    "Integral": '''
def integral(f, lower, upper):
    """The integral of f over positive numbers, in the logarithm of the variable."""
    far = mp.mpf(10000)  # not infinity, where an exponential of an exponential takes minutes
    low, high = mp.log(lower) if lower else -far, mp.log(upper) if upper != mp.inf else far
    cuts = [low, *(mp.mpf(k) for k in range(-60, 61, 2) if low < k < high), high]
    return mp.quad(lambda t: f(mp.exp(t)) * mp.exp(t), cuts)
''',
    "Sum": '''
def total(f, first, last):
    """f(first) + f(first + 1) + ... + f(last), one by one, or by the Euler-Maclaurin formula."""
    if last != mp.inf and last - first < 10**5:
        return mp.fsum(f(mp.mpf(k)) for k in range(int(first), int(last) + 1))
    return mp.nsum(f, [first, last], method="euler-maclaurin")
''',
    "Hankel": '''
def hankel(f, vertex, time):
    """The integral of f over 2 pi i, around the negative axis, on a parabola through a point right of the vertex."""
    scale, step = mp.mpf(max(8, mp.dps // 3)), mp.mpf(1) / (4 * mp.dps)
    points = [k * step for k in range(int(4 / step))]
    values = [(f(vertex + scale / time * mp.mpc(1, x) ** 2) * mp.mpc(1, x)).real for x in points]
    return 2 * scale / (mp.pi * time) * step * (mp.fsum(values) - values[0] / 2)
''',
    "Loop": '''
def loop(f, radius):
    """The integral of f over 2 pi i, once around 0."""
    nodes = 40 * mp.dps
    circle = [radius * mp.expjpi(mp.mpf(2 * k) / nodes) for k in range(nodes)]
    return (mp.fsum(f(z) * z for z in circle) / nodes).real
''',
    "root": '''
def root(f, start):
    """Where f vanishes: beyond a negative start by Newton's method, from a positive one in a bracket."""
    if start < 0:
        return mp.findroot(f, start, solver="newton", tol=mp.eps, verify=False)
    low = high = mp.mpf(start)
    while f(low) * f(high) > 0:
        low, high = low / 2, high * 2
    return mp.findroot(f, (low, high), solver="anderson", tol=mp.eps**2, verify=False)
''',
}


def python_source(formula: Formula) -> str:
    """The source of a module with one function, named after the formula.

    Raises
    ------
    ParameterError
        If the formula's right-hand side has a part without a value, such as a limit.
    """
    record = formula.to_dict()
    writer = _Writer(record["definitions"])
    body, given = writer.body(record["expression"])
    name = formula.id.replace(".", "_").replace("-", "_")
    conditions = ", ".join(assumption.text for assumption in formula.assumptions)
    said = formula.text().partition("\n")[0]
    methods = "".join(f"\n{_METHODS[each]}" for each in _METHODS if each in writer.used)
    arguments = ", ".join(given)
    lines = [
        f'"""{said}',
        "",
        f"Level: {formula.level}. Assumes {conditions}.",
        f"Source: {formula.status}; {formula.source}.",
        *([f"Conventions: {formula.conventions.sentence()}."] if formula.conventions is not None else []),
        f"Written by scalesym from its entry {formula.id}.",
        '"""',
        "",
        "from mpmath import mp",
        methods,
        "",
        f"def {name}({f'*, {arguments}' if given else ''}):",
        '    """To mp.dps digits or nearly; numbers may be given as text, such as "7/10"."""',
        "    with mp.extradps(15):",
        *(f"        {line}" for line in (*_read(given), *body)),
        "    return +value",
    ]
    return "\n".join(lines)


class _Writer:
    """Expressions of Python from trees; remembers which methods they use."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self.definitions, self.used = definitions, set[str]()

    def body(self, expression: Tree) -> tuple[list[str], list[str]]:
        """The lines that compute ``value``, and the letters that must be given."""
        lines: list[str] = []
        given: list[str] = []
        seen: set[str] = set()

        def needed(tree: Tree, bound: frozenset[str]) -> None:
            for name in sorted({f"{q}()" for q in quantity_names(tree)} | (free_names(tree) - bound)):
                if name in seen:
                    continue
                seen.add(name)
                record = self.definitions.get(name)
                if record is None:
                    given.append(name)
                elif record["kind"] == "function":
                    needed(record["tree"], bound | set(record["arguments"]))
                    call = f"{_identifier(name.removesuffix('()'))} = lambda {', '.join(map(_identifier, record['arguments']))}"
                    lines.append(f"{call}: {self.write(record['tree'])}")
                elif record["kind"] == "letter":
                    needed(record["tree"], bound)
                    lines.append(f"{_identifier(name)} = {self.write(record['tree'])}")
                else:
                    needed(record["equation"], bound | {name})
                    needed(record["start"], bound)
                    self.used.add("root")
                    letter, equation = _identifier(name), self.write(record["equation"])
                    lines.append(f"{letter} = root(lambda {letter}: {equation}, {self.write(record['start'])})")

        needed(expression, frozenset())
        if lacking := [name for name in given if name.endswith("()")]:
            raise ParameterError("id", lacking, "a quantity without a definition", "choose a formula that has a value")
        return [*lines, *self.assigned(expression)], sorted(given, key=_place)

    def assigned(self, tree: Tree) -> list[str]:
        """``value = …``, a long sum with one term on a line."""
        whole = f"value = {self.write(tree)}"
        if len(whole) <= 100 or not (isinstance(tree, list) and tree[0] == "Add"):
            return [whole]
        terms = [("- " if sign < 0 else "+ ") + self._piece(term, _PRODUCT) for sign, term in summands(tree[1:])]
        return [
            "value = (",
            *(f"    {term.removeprefix('+ ') if n == 0 else term}" for n, term in enumerate(terms)),
            ")",
        ]

    def write(self, tree: Tree) -> str:
        return self._written(tree)[0]

    def _piece(self, tree: Tree, at_least: int) -> str:
        body, tightness = self._written(tree)
        return body if tightness >= at_least else f"({body})"

    def _written(self, tree: Tree) -> tuple[str, int]:
        """The expression, and how tightly it holds together."""
        if isinstance(tree, str):
            return _identifier(tree), _ATOM
        if isinstance(tree, int):
            return str(tree), _ATOM if tree >= 0 else _SUM
        head, *rest = tree
        if head == "Rational":
            return f"mp.mpf({rest[0]}) / {rest[1]}", _PRODUCT
        if head == "Add":
            terms = [("- " if sign < 0 else "+ ") + self._piece(term, _PRODUCT) for sign, term in summands(rest)]
            first = terms[0].removeprefix("+ ")
            return " ".join([f"-{first[2:]}" if first.startswith("- ") else first, *terms[1:]]), _SUM
        if head == "Mul" or (head == "Pow" and is_number(rest[1]) and value_of(rest[1]) < 0):
            return self._product(tree)
        if head == "Pow":
            if rest[1] == ["Rational", 1, 2]:
                return f"mp.sqrt({self.write(rest[0])})", _ATOM
            return f"{self._piece(rest[0], _ATOM)} ** {self._piece(minus_in_front(rest[1]), _ATOM)}", _POWER
        if head == "Quantity":
            return f"{_identifier(rest[0])}({', '.join(map(self.write, rest[1:]))})", _ATOM
        if head in _CONSTANTS:
            return _CONSTANTS[head], _ATOM
        if head in _FUNCTIONS:
            return _FUNCTIONS[head].format(*map(self.write, rest)), _ATOM
        if head in _CALLED:
            self.used.add(head)
            function, ends = self.write(rest[0]), ", ".join(map(self.write, rest[2:]))
            return f"{_CALLED[head]}(lambda {_identifier(rest[1])}: {function}, {ends})", _ATOM
        raise ParameterError("tree", tree, f"{head} has no value", "choose a formula that has one")

    def _product(self, tree: Tree) -> tuple[str, int]:
        sign, tree = signed(tree if tree[0] == "Mul" else ["Mul", tree])
        over, under, trailing = fraction(tree)
        above = [self._piece(factor, _POWER) for factor in over] or ([] if not under and trailing else ["1"])
        below = [self._piece(factor, _POWER) for factor in under]
        if below and all(map(is_number, over)) and all(map(is_number, under)):  # 1 / 2 is a float in Python
            above[0] = f"mp.mpf({above[0]})"
        body = " * ".join(above)
        if below:
            body += f" / {below[0]}" if len(below) == 1 else f" / ({' * '.join(below)})"
        body = " * ".join([body] * bool(body) + [self._piece(factor, _POWER) for factor in trailing])
        return (f"-{body}", _SUM) if sign < 0 else (body, _PRODUCT)


def _read(given: list[str]) -> list[str]:
    """The line that makes numbers of the arguments."""
    if len(given) < 2:
        return [f"{name} = mp.mpf({name})" for name in given]
    return [f"{', '.join(given)} = map(mp.mpf, ({', '.join(given)}))"]


def _identifier(name: str) -> str:
    """A name that Python allows and that hides nothing the source needs."""
    import keyword

    return f"{name}_" if keyword.iskeyword(name) or name in ("mp", "value", "integral", "total", "root") else name


def _place(name: str) -> tuple[int, str]:
    order = ["alpha", "beta", "gamma", "B", "d", "v", "r"]
    return (order.index(name) if name in order else len(order)), name
