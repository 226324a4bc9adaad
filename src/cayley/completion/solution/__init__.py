"""The solution that a user gets: its sentences, its document, and how a notebook shows it.

Read in this order: ``_solution``, ``_wording`` (the verdict in words), ``_json`` and
``_from_document`` (to a document and back), ``_notebook``.
"""

__all__: list[str] = []
