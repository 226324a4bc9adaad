"""Laws, conditions and theories: how they are written, numbered, named, and decided on a table.

Read in this order: ``_terms`` and ``_parse`` (identities), ``_numbered`` (the 4,694 short laws),
``_conditions`` (cancellation, a unit, a zero, inverses), ``_evaluation`` (laws on a full table),
``_theory`` (what follows from what) and ``_catalog`` (names).
"""

__all__: list[str] = []
