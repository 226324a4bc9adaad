"""Longer measurements behind single pages of the manual, each a module that one runs.

``python -m cayley.experiments.records.NAME --help`` says what each takes. Run them from the root of
the repository: the records that the manual quotes are in ``benchmarks/results``.

* ``adversarial``: tables made to deceive, judged by the library and from the definitions;
* ``thresholds``: the smallest observed share with a certificate, for each group;
* ``certificates``: claims with their proofs on random tables, and changed certificates;
  ``certificate_truth``: what is true of small ones, by brute force;
* ``wrong_cells``: wrong cells under theories, found and proved to be the fewest;
* ``complexity``: H over n squared of full tables, as the order grows;
* ``autotopisms``: opaque operations that are no group, completed by symmetries of the table;
* ``steps``: steps and seconds of HyperCube until a table is wholly right;
* ``synchronization``: time, success, wrong entries, ablations and false acceptance;
  ``alternatives``: what was tried beside its recipe and did not pay;
* ``law_precision``: tables without laws, and whether one is said to have a law; ``law_recall``: how
  much evidence structures give for the theories that one would name;
* ``completion_recall``: are structures completed, with their theory named and without, and is
  anything false claimed;
* ``next_cell``: how many cells prove a table, chosen by ``next_cells``, at random, and by a walk;
* ``isaac_tuning``: the learning rates that ``cayley bench isaac`` uses.
"""

__all__: list[str] = []
