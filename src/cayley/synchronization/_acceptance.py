from collections.abc import Callable
from typing import Any
import numpy as np
from numpy.typing import NDArray
from cayley.algebra import Isotopism, find_isotopism, has_identity, log10_agreeing_by_chance
from cayley.synchronization._problem import Problem

def exact_acceptance(problem: Problem) -> Callable[[NDArray[Any]], bool]:
    a, b, c = problem.triples.T
    def accept(table):
        agreeing = int((table[a, b] == c).sum())
        iso = problem.kind != "group"
        ok = agreeing == len(c) or log10_agreeing_by_chance(len(table), isotope=iso, cells=len(c), agreeing=agreeing) <= -9
        return ok and (iso or bool(has_identity(table))) and isinstance(find_isotopism(table), Isotopism)
    return accept
