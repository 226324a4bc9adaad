"""Tasks with seeds.

Read in this order: ``_delayed_response`` (delayed XOR, delayed operations), ``_yin_yang`` and
``_predictive_coding``.
"""

__all__: list[str] = []
