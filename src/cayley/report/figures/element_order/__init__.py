"""The order of elements in which structure shows: by cosets, classes, or as a person chose.

Read in this order: ``_element_classes``, ``_normal_subgroups``, ``_coset_order``, ``_arrangement``
(of a solution) and ``_chosen`` (subgroups and generators that a person names).
"""

__all__: list[str] = []
