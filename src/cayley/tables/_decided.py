"""``Decided``: what is decided while a table is read, gathered for the report."""

from collections.abc import Iterable

from cayley.tables._reading import Reading

__all__ = ["Decided"]


class Decided:
    """What has been decided so far, for the report."""

    def __init__(self, *, blank: int = 0, remarks: Iterable[str] = ()) -> None:
        self.unknown: dict[str, int] = {"": blank} if blank else {}
        self.unified: dict[str, str] = {}
        self.remarks = list(remarks)
        self.base: int | None = None

    def mark_unknown(self, value: str, count: int = 1) -> None:
        """Count cells that a value marks as unknown."""
        self.unknown[value] = self.unknown.get(value, 0) + count

    def reading(self, delimiter: str | None, *, header: bool | None) -> Reading:
        """Return the report, but for the name of the format."""
        return Reading(
            format="",
            delimiter=delimiter,
            header=header,
            base=self.base,
            unknown=tuple(self.unknown.items()),
            unified=tuple(self.unified.items()),
            remarks=tuple(self.remarks),
        )
