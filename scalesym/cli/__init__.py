"""The command line: ``scalesym verify``, ``loss``, ``simulate``, ``phase``, ``frontier``, ``law``, ``formula``, ``plot``,
``oracle``.

Bad input is answered by one line on stderr and exit code 2, Ctrl-C by what is finished and exit code 130. NumPy, SciPy
and SymPy are imported by the commands that need them, so that ``scalesym --help`` is quick.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import rich_click as click
from click.exceptions import Abort, Exit

from ..errors import ScalesymError
from .arguments import one_line
from .formula import formula_command
from .frontier import frontier_command
from .law import law_command
from .loss import loss_command
from .oracle import oracle_command
from .phase import phase_command
from .plot import plot_command
from .simulate import simulate_command
from .verify import verify_command

__all__ = ["main"]

BAD_INPUT, INTERNAL, INTERRUPTED, BROKEN_PIPE = 2, 70, 130, 141


def _print_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from ..report import installed_version

        click.echo(f"scalesym {installed_version('scalesym') or '(not installed)'}")
        ctx.exit()


_SETTINGS = {"help_option_names": ["-h", "--help"], "rich_help_config": {"text_paragraph_linebreaks": "\n\n"}}


@click.group(invoke_without_command=True, context_settings=_SETTINGS)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version."
)
@click.pass_context
def _scalesym(ctx: click.Context) -> None:
    """Solvable models of compute-optimal neural scaling laws.

    \b
    Examples:
      scalesym verify --quick                   check the package's claims
      scalesym loss 1 7/10 --d 100 --v 1000     the loss curve of SGD
      scalesym simulate 1 7/10 --d 100 --v 1000 --steps 1e5   SGD itself, beside theory
      scalesym phase 1 7/10                     exponents of compute-optimal training
      scalesym frontier 1 7/10                  best size and loss at any budget
      scalesym law chinchilla --optimum 5.76e23   the field's empirical laws
      scalesym formula --list                   the derived formulas
      scalesym plot phases -o phases.svg        the phase diagram
      scalesym oracle check 'python3 mine.py'   is my own implementation right?
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in (
    verify_command,
    loss_command,
    simulate_command,
    phase_command,
    frontier_command,
    law_command,
    formula_command,
    plot_command,
    oracle_command,
):
    _scalesym.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments:
        The words after ``scalesym``; the process's own if ``None``.

    Returns
    -------
    int
        0; 1 if a claim fails; 2 for bad input; 70 for a defect of the package (set ``SCALESYM_TRACEBACK=1`` to see
        where); 130 after Ctrl-C; 141 if the reader of the output has left.

    Examples
    --------
    >>> main(["--version"])  # doctest: +ELLIPSIS
    scalesym ...
    0
    """
    try:
        return _run(sys.argv[1:] if arguments is None else list(arguments))
    except (KeyboardInterrupt, Abort):
        return _complain("interrupted", INTERRUPTED)
    except BrokenPipeError:  # the reader, such as head, has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "scalesym"
        return _complain(f"{error.format_message().rstrip('.')}; see {path} --help", BAD_INPUT)
    except click.ClickException as error:
        return _complain(error.format_message(), BAD_INPUT)
    except ScalesymError as error:
        return _complain(str(error), BAD_INPUT)
    except Exception as error:
        if os.environ.get("SCALESYM_TRACEBACK"):
            raise
        return _complain(f"{type(error).__name__}: {error}; this is a defect, please report it", INTERNAL)


def _run(words: list[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper) and "utf" not in (sys.stdout.encoding or "").lower():
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without γ shows \u03b3
    if "_SCALESYM_COMPLETE" in os.environ:
        _scalesym.main(prog_name="scalesym")  # prints the shell's completions and leaves
    try:
        with _scalesym.make_context("scalesym", words) as context:
            code = _scalesym.invoke(context)
    except Exit as leaving:
        code = leaving.exit_code
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _complain(message: str, code: int) -> int:
    click.echo(f"scalesym: {one_line(message)}", err=True)
    return code
