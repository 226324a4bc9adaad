"""How the members of an archive may be packed."""

import zipfile

from cayley.tables.formats._context import ReadContext, shown

__all__ = ["check_packing"]


def check_packing(member: zipfile.ZipInfo, context: ReadContext) -> None:
    """Refuse a member of an archive that is packed in a way that no program uses here.

    LZMA makes room for what a member says that it needs, up to 4 GB, before it reads a byte.

    Raises:
        TableFormatError: If it is neither stored nor deflated.
    """
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise context.error(
            f"{shown(member.filename)} is packed by a method that is not read. Save the file anew."
        )
