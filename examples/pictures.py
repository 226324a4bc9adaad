"""What the examples share: a window for a picture that cayley draws.

``cayley plot KIND FILE -o picture.svg`` draws the same pictures into files.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from cayley.report import draw_picture

DPI = 192  # two pixels of the picture for each of a page, so that letters are sharp


def show(kind, solution, **options):
    """Show a picture of a solution or network: "table", "egg-box", "neuron", ..."""
    drawn = draw_picture(kind, solution, **options).figure
    drawn.set_dpi(DPI)
    canvas = FigureCanvasAgg(drawn)
    canvas.draw()
    # A figure of cayley belongs to no window; its pixels are shown in one of pyplot's.
    window = plt.figure(figsize=drawn.get_size_inches(), dpi=DPI)
    axes = window.add_axes((0, 0, 1, 1))
    axes.imshow(np.asarray(canvas.buffer_rgba()), interpolation="none", aspect="auto")
    axes.axis("off")
    plt.show()
