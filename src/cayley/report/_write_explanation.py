"""Writing an explanation to one folder, whole or not at all."""

import json
from os import PathLike
from pathlib import Path

from cayley._files import replace_folder
from cayley.interpretation import Explanation
from cayley.report._write_solution import check_output
from cayley.report.figures.drawing._drawing import drawing_svg
from cayley.report.figures.networks._network_figures import NETWORK_FIGURES
from cayley.tables import write_table

__all__ = ["write_explanation"]


def write_explanation(
    explanation: Explanation, directory: str | PathLike[str], *, overwrite: bool = False
) -> None:
    """Write ``explanation.json``, the answers as ``answers.csv``, and pictures.

    ``part-energies.svg`` has the energies of the embeddings, ``neuron.svg`` the clearest neuron,
    as far as there are any. ``run.json`` lists the files.

    Raises:
        OutputExistsError: If the folder exists and is not to be replaced.
        OSError: If it cannot be written; nothing is left behind then.
    """
    target = check_output(directory, overwrite=overwrite)
    with replace_folder(target, seconds=explanation.seconds) as folder:
        _write_files(explanation, folder)


def _write_files(explanation: Explanation, folder: Path) -> None:
    # How long it took stands in the file of the run: equal runs write equal bytes.
    document = {k: v for k, v in explanation.to_document().items() if k != "seconds"}
    text = json.dumps(document, ensure_ascii=False, indent=1)
    (folder / "explanation.json").write_text(text + "\n", encoding="utf-8")
    if explanation.solution is not None:
        try:
            write_table(explanation.answers, folder / "answers.csv", reorder=True)
        except ValueError:  # an empty label, say: only JSON can hold it
            write_table(explanation.answers, folder / "answers.json")
    there = {"part-energies": bool(explanation.parts), "neuron": bool(explanation.neurons)}
    for kind, has in there.items():
        if has:
            picture = NETWORK_FIGURES[kind](explanation)
            svg = drawing_svg(picture, name=kind, standalone=True)
            (folder / f"{kind}.svg").write_text(svg + "\n", encoding="utf-8")
