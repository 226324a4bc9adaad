import io

import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table
from cayley.tables.formats.markup._latex_text import labels_of_latex, latex_text_of_label

HOLE = Table.from_array([[0, 1], [1, -1]], labels=["e", "σ_v"])


def read(text, **options):
    return read_table(io.StringIO(text), **options)


ARRAY = r"""\begin{array}{c|cc}
\cdot & e & \sigma_{v} \\ \hline
e & e & \sigma_{v} \\
\sigma_v & \sigma _{v} &
\end{array}
"""
TABULAR = r"""\documentclass{article}
\begin{document}
Rock \& roll, 50\,\% of it & more. % a comment with \begin{tabular}
\begin{table}
\caption{The table}
\begin{tabular}[t]{|c||c|c|}\hline
$*$ & $e$ & $\sigma_{v}$ \\ \hline\hline
$e$ & $e$ & $\sigma_v$ \\[2pt] \hline
$\sigma_v$ & {\bf \(\sigma_{v}\)} & ? \\ \hline
\end{tabular}
\end{table}
\end{document}
"""
SAGE = r"""{\setlength{\arraycolsep}{2ex}
\begin{array}{r|*{2}{r}}
\multicolumn{1}{c|}{\ast}&e&\sigma_v\\\hline
{}e&e&\sigma_v\\
{}\sigma_v&\sigma_v&\\
\end{array}}
"""
BOOKTABS = r"""\begin{tabularx}{\linewidth}{l*{2}{X}}
\toprule
{} & \textbf{e} & \textcolor{red}{$\sigma_v$} \tabularnewline
\cmidrule(lr){2-3}
e & \cellcolor{gray!20} e & $\sigma_v$ \tabularnewline
$\sigma_v$ & $\mathit{\sigma}_v$ & NaN \tabularnewline
\bottomrule
\end{tabularx}
"""
ROWS = r"""$\circ$ & $e$ & $\sigma_v$ \\ \hline
$e$ & $e$ & $\sigma_v$ \\
$\sigma_v$ & $\sigma_v$ & \\
"""


@pytest.mark.parametrize("text", [ARRAY, TABULAR, SAGE, BOOKTABS, ROWS])
def test_tables_in_each_layout(text):
    table = read(text)
    assert table == HOLE
    assert table.reading.format == "latex"
    assert read(text.replace("\n", "\r\n")) == HOLE


def test_matrices_have_no_labels():
    table = read(r"\begin{pmatrix} 0 & 1 \\ 1 & 0 \end{pmatrix}")
    assert table == Table.from_array([[0, 1], [1, 0]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ARRAY * 2, "has 2 tables, in the lines 1, 6"),
        (
            ARRAY.replace(r"\cdot", r"\multicolumn{2}{c}{x}"),
            r"line 2: \\multicolumn makes one cell",
        ),
        (ARRAY.replace(r"\cdot", r"\multirow{2}{*}{x}"), r"line 2: \\multirow makes one cell"),
        (
            ARRAY.replace(r"\end{array}", ""),
            r"line 1, column 1: \\begin{array} has no \\end{array}",
        ),
        (ARRAY.replace("e & e", r"e & \begin{array}{c}e\end{array}"), "inside a table|has no"),
        (
            ARRAY.replace(r"\sigma_{v} \\ \hline", r"\sigma_{v \\ \hline"),
            "line 2: the braces of this row",
        ),
        (ARRAY.replace("{c|cc}", "{c|cc"), "."),
        (r"\begin{tabular}{c}\end{tabular}", "no rows|single|empty|."),
    ],
)
def test_says_what_is_wrong_and_where(text, message):
    with pytest.raises(TableFormatError, match=message):
        read(text, format="latex")


@pytest.mark.parametrize(
    ("source", "label"),
    [
        (r"$\sigma_{v}$", "σ_v"),
        (r"\sigma_{v}'", "σ_v'"),
        (r"\sigma_v^{\prime}", "σ_v'"),
        (r"a^{-1}", "a^-1"),
        (r"C_{3}^{2}", "C_3^2"),
        (r"\mathrm{id}", "id"),
        (r"\(\overline{a}\)", r"\overline{a}"),
        (r"\frac{1}{2}", r"\frac{1}{2}"),
        (r"\textcolor{red}{a}", "a"),
        (r"{\bf a}", "a"),
        (r"a\_1", "a_1"),
        (r"\{1,2\}", "{1,2}"),
        (r"50\% of \{a\}", "50% of {a}"),
        (r"(1\,2)(3\ 4)", "(12)(3 4)"),
        (r"\rho \tau", "ρτ"),
        (r"\langle a \rangle", "⟨a ⟩"),
        ("{}a", "a"),
        ("1", "1"),
        ("?", "?"),
        ("", ""),
        ("}", ""),
        ("\\", "\\"),
    ],
)
def test_labels_are_readable(source, label):
    assert labels_of_latex([source]) == {source: label}


def test_labels_that_only_braces_tell_apart_keep_them():
    labels = labels_of_latex(["a_{12}", "a_{1}2", "b_{12}"])
    assert labels["a_{12}"] != labels["a_{1}2"]
    assert labels["b_{12}"] == "b_12"
    assert len(set(labels_of_latex(["x^{ab}", "x^ab", r"x^{a}b"]).values())) == 2


@pytest.mark.parametrize(
    "label", ["a_1", "50% of {a}", "\\", "^_~`|<>\"'*[]-#&$", "a--b", "σ_v", "\\alpha"]
)
def test_escaped_labels_are_read_as_they_were(label):
    assert labels_of_latex([latex_text_of_label(label)])[latex_text_of_label(label)] == label
