"""The caller's exact check of decoded tables, called once for each table of a restart in a row."""

from collections.abc import Callable

from cayley.hypercube._result import DecodedTable

__all__ = ["AcceptanceCheck"]


class AcceptanceCheck:
    """Calls ``accept`` for tables that have changed since it refused them.

    Args:
        accept: Whether a decoded table is what was looked for.
        decode: Decodes the table of a restart.

    Attributes:
        accepted: The restart and its table, once one is accepted.
    """

    def __init__(
        self, accept: Callable[[DecodedTable], bool], decode: Callable[[int], DecodedTable]
    ) -> None:
        self._accept, self._decode = accept, decode
        self._refused: dict[int, bytes] = {}
        self.accepted: tuple[int, DecodedTable] | None = None

    def first_accepted(self, restarts: list[int]) -> int:
        """Return the first restart whose table is accepted, -1 if none is."""
        for restart in restarts:
            decoded = self._decode(restart)
            table = decoded.table.tobytes()
            # `accept` may take longer than many steps, and most tables stay as they were.
            if self._refused.get(restart) == table:
                continue
            if self._accept(decoded):
                self.accepted = restart, decoded
                return restart
            self._refused[restart] = table
        return -1
