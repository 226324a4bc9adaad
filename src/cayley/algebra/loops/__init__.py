"""Loops and quasigroups: the laws of Moufang and Bol, Steiner systems.

Read in this order: ``_moufang`` (the laws of Moufang and Bol), ``_steiner`` (Steiner quasigroups
and Steiner loops).
"""

__all__: list[str] = []
