"""Shapes in annotations: the names of jaxtyping, imported only where something reads them.

``Int[NDArray[Any], "n n"]`` says that an integer array has two axes of equal length. Type checkers
and editors see jaxtyping itself, and so does its import hook: once jaxtyping is loaded, shapes can
be checked at run time. Otherwise an annotation is the array type without its shape, because
importing jaxtyping takes longer than completing a small table.
"""

import sys
from typing import TYPE_CHECKING

__all__ = ["Bool", "Complex", "Float", "Inexact", "Int", "Int8", "Num", "Shaped", "UInt8"]

if TYPE_CHECKING or "jaxtyping" in sys.modules:
    from jaxtyping import Bool, Complex, Float, Inexact, Int, Int8, Num, Shaped, UInt8
else:

    class _Unshaped:
        """Gives back the array type of ``_Unshaped[ArrayType, "shape"]``."""

        def __class_getitem__(cls, item: tuple[object, str]) -> object:
            return item[0]

    Bool = Complex = Float = Inexact = Int = Int8 = Num = Shaped = UInt8 = _Unshaped
