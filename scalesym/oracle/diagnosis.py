"""Which mistake an answer betrays: only what a computed mistaken value matches is named.

A mistake is named for a wrong answer if that lies as near the mistake's own value as the tolerance there allows, and the
mistake's value is itself outside the tolerance of the right one. If several match, all are named; if none, the diagnosis
is unknown: two mistakes at once give a value that is neither's.

Two mistakes are recognised by the form of the number. *Single precision*: the answer is a number of 24 bits, or one
printed with 7 to 9 digits, and is right to single precision. *Too few digits*: the answer is the right
value rounded to the digits that are printed. (Any six digits are the text of a 24-bit number, so fewer than 7 say nothing.)

Over a whole run a mistake is named only for those quantities in which no passed test contradicts it, that is, would have
come out otherwise had the mistake been made there.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .judging import Judgement, Precision, judge, modulus, tolerance
from .protocol import Answer, Number, Unreadable, rational, read_number
from .vectors import FLAGS, Mistaken, Test

__all__ = ["SINGLE", "TOO_FEW", "Diagnosis", "Explanation", "Summary", "diagnose", "scientific", "summarise"]

#: The flags of the two mistakes that the form of a number betrays.
SINGLE, TOO_FEW = "single-precision", "too-few-digits"

_LONG_TEXT = 15  # digits from which a mistaken value may be a rounded one
_NUMBER = re.compile(r"[+-]?([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The mistakes that a wrong answer matches, each with how well; none means unknown."""

    matches: tuple[tuple[str, str], ...]
    text: str

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags of the mistakes, each once."""
        return tuple(dict.fromkeys(flag for flag, _ in self.matches))


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one mistake (or several that cannot be told apart) explains in a run.

    ``tests`` are the failures that match; ``right`` the quantities in which it is not made, ``otherwise`` the failures that it
    would have changed but that have other values; ``against`` the passed tests that contradict it.
    """

    flags: tuple[str, ...]
    tests: tuple[str, ...]
    quantities: tuple[str, ...]
    right: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The mistakes of a run: those named, those that passed tests contradict, and the failures that match nothing."""

    failures: int
    named: tuple[Explanation, ...]
    contradicted: tuple[Explanation, ...]
    unexplained: tuple[str, ...]

    def lines(self) -> list[str]:
        """In words."""
        found = [self._sentence(each) for each in self.named]
        for each in self.contradicted:
            found.append(
                f"{' or '.join(each.flags)} matches {_count(len(each.tests), 'failure')} of {', '.join(each.quantities)}, but "
                f"{_count(len(each.against), 'passed test')} would then have failed (such as {each.against[0]}): it is not named"
            )
        if self.unexplained:
            what = _count(len(self.unexplained), "failure")
            whole = self.failures > 1 and len(self.unexplained) == self.failures
            found.append(
                f"{'all ' if whole else ''}{what} {'match' if len(self.unexplained) > 1 else 'matches'} no known mistake: "
                "two at once, or one that is not known here"
            )
        return found

    def _sentence(self, each: Explanation) -> str:
        count, names = (
            len(each.tests),
            " or ".join(f"{flag} ({FLAGS.get(flag, 'not described')})" for flag in each.flags),
        )
        what = "the only failure" if self.failures == 1 else f"all {self.failures} failures"
        whole = count == self.failures
        text = f"one mistake explains {what if whole else f'{count} of {self.failures} failures'}: {names}"
        if each.right:
            text += f"; it is made in {', '.join(each.quantities)} and not in {', '.join(each.right)}"
        if each.otherwise:
            others = _count(len(each.otherwise), "failure")
            text += f"; it alone would not give the values of {others} more that it changes: there is another mistake"
        return text


def diagnose(test: Test, answer: Answer, judgement: Judgement, precision: Precision) -> Diagnosis:
    """The mistakes that the value of a failed test matches.

    Parameters
    ----------
    test, answer, judgement:
        What was asked, what was answered, and the verdict :attr:`Judgement.outcome` ``"fail"`` on it.
    precision:
        The arithmetic that was declared.
    """
    found: list[tuple[str, str]] = []
    if judgement.value is not None:
        for mistake in test.mistaken:
            agreement = _agreement(test, mistake, judgement.value, precision)
            if agreement is not None:
                found.append((mistake.flag, agreement))
        if SINGLE not in {flag for flag, _ in found} and _single(test, answer, precision):
            found.append((SINGLE, "a number of 24 bits, right to single precision"))
        digits = _too_few(test, answer, judgement, precision)
        if digits:
            found.append((TOO_FEW, f"the right value rounded to {digits} digits"))
    elif answer.kind == "value":
        said = str(answer.value).lower() if isinstance(answer.value, bool) else answer.value
        found = [(m.flag, _with("exactly", m.detail)) for m in test.mistaken if m.value == said]
    if found:
        return Diagnosis(tuple(found), "; ".join(_phrase(flag, how) for flag, how in found))
    if judgement.error is not None:
        return Diagnosis((), f"unknown; relative error {scientific(judgement.error)}")
    return Diagnosis((), "" if judgement.value is None else "unknown")


def summarise(rows: Iterable[tuple[Test, Answer, Judgement, Diagnosis]], precision: Precision) -> Summary:
    """Which mistakes explain the failures of a run, and which of them the passed tests contradict."""
    rows = list(rows)
    failed = [row for row in rows if row[2].outcome == "fail"]
    named: list[Explanation] = []
    contradicted: list[Explanation] = []
    for flag in dict.fromkeys(flag for row in failed for flag in row[3].flags):
        good, bad = _explanations(flag, rows, precision)
        named += good
        contradicted += bad
    named = _merged(named)
    named = [each for each in named if not any(set(each.tests) < set(other.tests) for other in named)]
    covered = {id for each in named for id in each.tests}
    contradicted = [each for each in contradicted if not set(each.tests) <= covered]
    doubted = {id for each in contradicted for id in each.tests}
    rest = tuple(test.id for test, *_ in failed if test.id not in covered | doubted)
    return Summary(len(failed), tuple(sorted(named, key=lambda each: -len(each.tests))), tuple(contradicted), rest)


def _explanations(
    flag: str, rows: Sequence[tuple[Test, Answer, Judgement, Diagnosis]], precision: Precision
) -> tuple[list[Explanation], list[Explanation]]:
    """What a mistake explains, quantity by quantity: where nothing contradicts it, and where passed tests do."""
    places: dict[tuple[str, str], list[tuple[Test, Answer, Judgement, Diagnosis]]] = {}
    for row in rows:
        places.setdefault((row[0].quantity, row[0].level), []).append(row)
    tests: list[str] = []
    quantities: dict[str, None] = {}
    right: dict[str, None] = {}
    otherwise: list[str] = []
    bad = []
    for (quantity, _), here in places.items():
        matching = tuple(row[0].id for row in here if row[2].outcome == "fail" and flag in row[3].flags)
        against = tuple(row[0].id for row in here if row[2].outcome == "pass" and _contradicts(flag, row, precision))
        if matching and against:
            bad.append(Explanation((flag,), matching, (quantity,), against=against))
        elif matching:
            tests += matching
            quantities[quantity] = None
        elif against:
            right[quantity] = None
        if matching:
            others = (row for row in here if row[2].outcome == "fail" and flag not in row[3].flags)
            otherwise += [row[0].id for row in others if _contradicts(flag, row, precision)]
    apart = tuple(quantity for quantity in right if quantity not in quantities)
    good = [Explanation((flag,), tuple(tests), tuple(quantities), apart, tuple(otherwise))] if tests else []
    return good, bad


def _contradicts(flag: str, row: tuple[Test, Answer, Judgement, Diagnosis], precision: Precision) -> bool:
    """Whether the answer shows that the mistake was not made here: it would have given another value."""
    test, answer, judgement, _ = row
    if test.expected is None or judgement.value is None:
        return False
    if flag == SINGLE:
        return precision.unit < Fraction(1, 2**24) and test.expected.mid is not None and not _few_bits(answer)
    variants = [mistake for mistake in test.mistaken if mistake.flag == flag]
    return bool(variants) and not any(
        _distance(test, each, judgement.value, precision) is not None or not _visible(test, each, precision)
        for each in variants
    )


def _merged(found: list[Explanation]) -> list[Explanation]:
    """Mistakes that explain the same failures stand together."""
    groups: dict[tuple[str, ...], Explanation] = {}
    for each in found:
        same = groups.get(each.tests)
        groups[each.tests] = (
            each
            if same is None
            else Explanation(same.flags + each.flags, same.tests, same.quantities, same.right, same.otherwise)
        )
    return list(groups.values())


def _agreement(test: Test, mistake: Mistaken, value: Number, precision: Precision) -> str | None:
    """How well the value matches the mistake's, in words; ``None`` if it does not."""
    distance = _distance(test, mistake, value, precision)
    if distance is None or not _visible(test, mistake, precision):
        return None
    size = modulus(read_number(mistake.value))
    how = f"to {scientific(distance / size if size else distance, digits=1)}" if distance else "exactly"
    return _with(how, mistake.detail)


def _distance(test: Test, mistake: Mistaken, value: Number, precision: Precision) -> Fraction | None:
    """From the mistake's value, if within the tolerance there."""
    try:
        wrong = read_number(mistake.value)
    except Unreadable:
        return None
    distance = modulus((value[0] - wrong[0], value[1] - wrong[1]))
    allowed = tolerance(test, precision, modulus(wrong), _printed_radius(mistake.value))
    return distance if distance <= allowed else None


def _visible(test: Test, mistake: Mistaken, precision: Precision) -> bool:
    """Whether the mistake's own value would fail the test."""
    said = tuple(mistake.value) if isinstance(mistake.value, list | tuple) else mistake.value
    return judge(test, Answer("value", said), precision).outcome == "fail"


def _printed_radius(value: str | tuple[str, str]) -> Fraction:
    """What rounding may hide in a mistaken value that is printed with many digits; shorter ones are exact."""
    if not isinstance(value, str):
        return max(_printed_radius(part) for part in value)
    digits, place = _digits(value)
    return place if digits >= _LONG_TEXT else Fraction(0)


def _single(test: Test, answer: Answer, precision: Precision) -> bool:
    """Whether a more precise number was due, and this one is single precision's."""
    single = Precision.read("float32")
    if precision.unit >= single.unit or test.expected is None or test.expected.mid is None:
        return False
    return _few_bits(answer) and judge(test, answer, single).outcome == "pass"


def _few_bits(answer: Answer) -> bool:
    """Whether an answer is a number of 24 bits, or its text of 7 to 9 digits."""
    parts = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    return all(isinstance(part, str) and _few_bits_of(part) for part in parts)


def _few_bits_of(text: str) -> bool:
    try:
        double = float(rational(text))
        (narrow,) = struct.unpack("f", struct.pack("f", double))
    except (OverflowError, Unreadable):
        return False
    if narrow == double:
        return True
    digits = _digits(text)[0]
    return 7 <= digits <= 9 and Fraction(f"{narrow:.{digits}g}") == rational(text)


def _too_few(test: Test, answer: Answer, judgement: Judgement, precision: Precision) -> int:
    """To how many digits the right value is rounded in the answer; 0 if that is not what it is."""
    expected = test.expected
    if expected is None or expected.mid is None:
        return 0
    right = read_number(expected.mid)
    said = answer.value if isinstance(answer.value, tuple) else (answer.value, "0")
    least = precision.digits
    for text, middle in zip(said, right, strict=True):
        number, (digits, place) = rational(text), _digits(text)
        if number == middle == 0:
            continue
        if not 2 <= digits < precision.digits or abs(number - middle) > place / 2 + rational(expected.rad):
            return 0
        least = min(least, digits)
    return least if least < precision.digits else 0


def _digits(text: str) -> tuple[int, Fraction]:
    """How many significant digits a decimal number is printed with, and the unit of the last; 0 digits for ``p/q``."""
    found = _NUMBER.fullmatch(text.strip().replace("−", "-"))
    if found is None:
        return 0, Fraction(0)
    return len((found[1] + found[2]).lstrip("0")), Fraction(10) ** (int(found[3] or 0) - len(found[2]))


def scientific(value: Fraction, digits: int = 2) -> str:
    """A positive number rounded up to a few digits, of any size.

    Examples
    --------
    >>> scientific(Fraction(1, 3)), scientific(Fraction(1, 10**12), digits=1)
    ('3.4e-1', '1e-12')
    """
    from decimal import ROUND_CEILING, Context, Decimal

    context = Context(prec=digits, rounding=ROUND_CEILING, Emax=10**9, Emin=-(10**9))
    return f"{context.divide(Decimal(value.numerator), Decimal(value.denominator)):.{digits - 1}e}"


def _phrase(flag: str, how: str) -> str:
    return f"{flag}: {how}" if flag in (SINGLE, TOO_FEW) and not how.startswith("to ") else f"matches {flag} {how}"


def _with(how: str, detail: str) -> str:
    return f"{how} ({detail})" if detail else how


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
