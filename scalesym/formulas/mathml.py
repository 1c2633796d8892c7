"""LaTeX as MathML, for pages that show mathematics without a script.

The conversion is that of latex2mathml, a small pure Python package without dependencies of its own, and optional: a
third writer of trees beside those of LaTeX and text would have to repeat every rule of order and spacing.
"""

from __future__ import annotations

from ..errors import ParameterError

__all__ = ["mathml"]


def mathml(latex: str) -> str:
    r"""One ``<math>`` element in display style.

    Parameters
    ----------
    latex:
        Mathematics without delimiters, as :func:`scalesym.formulas.typesetting.latex` writes it.

    Raises
    ------
    ParameterError
        If latex2mathml is not installed.

    Examples
    --------
    >>> print(mathml(r"\alpha+1"))
    <math xmlns="http://www.w3.org/1998/Math/MathML" display="block">...<mi>&#x003B1;</mi>...</math>
    """
    try:
        from latex2mathml.converter import convert
    except ImportError:
        remedy = "pip install 'scalesym[mathml]'"
        raise ParameterError("form", "mathml", "it needs the package latex2mathml", remedy) from None
    return str(convert(latex, display="block"))
