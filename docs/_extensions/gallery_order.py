"""The order of the gallery: what everybody knows first, then what needs more words."""

_ORDER = (
    "point_group", "cube", "rock_paper_scissors", "kinship",
    "knot_colorings", "neo_riemannian", "maps_of_three_points", "octonions",
    "cell_by_cell", "wrong_measurements", "cipher_step", "trained_network", "modular_addition",
    "inside_network",
)  # fmt: skip


class InReadingOrder:
    """Sort the files of the gallery; one that is not listed fails, so that it gets its place."""

    def __init__(self, src_dir):
        """Take the folder, as sphinx-gallery hands it over; it does not matter."""

    def __call__(self, filename):
        """Return the place of a file."""
        return _ORDER.index(filename.removeprefix("plot_").removesuffix(".py"))

    def __repr__(self):
        """Return always the same, so that Sphinx sees no change of the configuration."""
        return "<in reading order>"
