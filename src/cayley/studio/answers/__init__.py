"""What the studio answers: computed in a process of its own, and sent as JSON.

Read in this order: ``_table_documents`` (tables to and from JSON), ``_examples``, ``_lessons`` and
``_lesson_checks``, ``_thoughts`` and ``_thinking`` (what is said while a table is typed),
``_cell_reasons``, ``_solution_pictures`` and ``_progress_pictures``, ``_exports``, and ``_tasks``
(all of them by name).
"""

__all__: list[str] = []
