"""Groups as symmetries of polygons, prisms, the tetrahedron and the cube.

Read in this order: ``_symmetric_objects`` (corners, matrices, what a matrix does),
``_realizations`` (which object has a group, by which isomorphism), ``_object_views`` (one small
picture) and ``_symmetry`` (all of them, by conjugacy class).
"""

__all__: list[str] = []
