"""Formats of spreadsheets: archives of XML, in which cells stand anywhere.

Read in this order: ``_spreadsheet`` (what they have in common), ``_plain_rows`` (how
most cells are read), ``_xlsx`` (Excel) and ``_ods``
(LibreOffice).
"""

__all__: list[str] = []
