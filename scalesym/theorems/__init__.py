"""What is proved of the phase diagram, and by whom: polynomial statements for SMT solvers and for Coq.

:mod:`~scalesym.theorems.goals` states it, as data; :mod:`~scalesym.theorems.smt` writes SMT-LIB and asks z3 and cvc5;
:mod:`~scalesym.theorems.coq` writes Coq and asks its kernel; :mod:`~scalesym.theorems.refutation` shows a counterexample to a
false claim, in exact fractions.
"""
