"""Character tables with exact entries.

Read in this order: ``_zumbroich_basis`` and ``_cyclotomic`` (sums of roots of unity),
``_prime_field`` and ``_idempotents`` (the class algebra modulo a prime),
``_irreducible_characters`` (its characters lifted to cyclotomic integers), ``_character_table``,
``_character_fields`` (what the values generate), ``_format_character_table``.
"""

from cayley.algebra.characters._character_table import CharacterTable, character_table
from cayley.algebra.characters._cyclotomic import Cyclotomic
from cayley.algebra.characters._format_character_table import format_character_table

__all__ = ["CharacterTable", "Cyclotomic", "character_table", "format_character_table"]
