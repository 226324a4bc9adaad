"""What is left of the accuracy when parts are taken away.

Read in this order: ``_interventions`` (which ones there are) and ``_intervene`` (carried out).
"""

__all__: list[str] = []
