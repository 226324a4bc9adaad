"""Formats of NumPy: ``_numpy_arrays`` (arrays that may be damaged or hostile), ``_numpy``."""

__all__: list[str] = []
