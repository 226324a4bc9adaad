r"""Labels as LaTeX sets them, and back: ``$\sigma_{v}$`` is the label ``σ_v``.

What TeX only needs to set a label (dollar signs, braces around one thing, fonts, colors) is left
out; Greek letters and common signs become characters; commands that are not known stay as they are.
"""

import re
from collections.abc import Iterable

__all__ = ["labels_of_latex", "latex_text_of_label"]

_LOWER = (
    "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
    "varsigma sigma tau upsilon varphi chi psi omega"
)
# Unicode has a gap where a capital final sigma would be.
_UPPER = (
    "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - "
    "Sigma Tau Upsilon Phi Chi Psi Omega"
)
_COMMANDS = (
    "epsilon ϵ phi ϕ vartheta ϑ varrho ϱ varpi ϖ varkappa ϰ cdot · circ ∘ ast * star ⋆ times × "
    "bullet • oplus ⊕ otimes ⊗ ominus ⊖ odot ⊙ diamond ⋄ wedge ∧ land ∧ vee ∨ lor ∨ cap ∩ cup ∪ "
    "setminus ∖ backslash \\ triangleright ▷ rhd ▷ triangleleft ◁ lhd ◁ triangle △ pm ± mp ∓ ell "
    "ℓ infty ∞ emptyset ∅ varnothing ∅ bot ⊥ top ⊤ neg ¬ lnot ¬ prime ' dagger † ddagger ‡ hbar "
    "ℏ imath ı jmath ȷ to → rightarrow → leftarrow ← uparrow ↑ downarrow ↓ langle ⟨ rangle ⟩ "
    "lbrace { rbrace } lbrack [ rbrack ] vert | lvert | rvert | mid | Vert ‖ square □ Box □ "
    "ldots … dots … cdots ⋯ sqrt √ degree ° aleph ℵ textbackslash \\ textasciicircum ^ "
    'textasciitilde ~ textless < textgreater > textbar | textasciigrave ` textquotedbl " S § '
    "textunderscore _ textdollar $ textdegree ° textasteriskcentered *"
)
_SIGNS = {
    **dict(zip(_LOWER.split(), map(chr, range(0x3B1, 0x3CA)), strict=True)),
    **dict(zip(_UPPER.split(), map(chr, range(0x391, 0x3AA)), strict=True)),
    **dict(zip(_COMMANDS.split()[::2], _COMMANDS.split()[1::2], strict=True)),
    **dict.fromkeys(("quad", "qquad", "enspace"), " "),
    "thinspace": "",
}
# They change how a label looks and not which one it is.
_LAYOUT = (
    "mathrm mathbf mathit mathsf mathtt mathbb mathcal mathfrak mathscr mathnormal boldsymbol "
    "bm pmb text textrm textbf textit textsf texttt textnormal textup textsc emph mbox hbox "
    "operatorname ensuremath underline bf it rm sf tt em bfseries itshape rmfamily sffamily "
    "ttfamily displaystyle textstyle scriptstyle small footnotesize scriptsize tiny normalsize "
    "large left right big Big bigl bigr Bigl Bigr protect relax centering phantom strut "
    "mathstrut mathord mathbin mathrel null"
)
_LOOKS = frozenset(_LAYOUT.split())
# Their first argument is a color, not a label.
_COLORS = frozenset({"color", "textcolor", "cellcolor", "colorbox", "columncolor", "rowcolor"})
_TOKEN = re.compile(
    r"\\(?P<command>[A-Za-z]++)\*?(?P<blanks>\s*+)|\\(?P<sign>.)|(?P<open>\{)|(?P<close>\})"
    r"|(?P<math>\$++)|(?P<blank>[\s~]++)|[^\\{}$\s~]++|.",
    re.DOTALL,
)
_ARGUMENT = re.compile(r"\s*+(?:\[[^\[\]]*+\])?+\s*+\{[^{}]*+\}")
# Braces that group what is raised or lowered, while it is not known whether they are needed.
_OPEN, _CLOSE = "\ue000", "\ue001"
_GROUPS = re.compile(f"[{_OPEN}{_CLOSE}]")


def labels_of_latex(sources: Iterable[str]) -> dict[str, str]:
    r"""Return the label of each source.

    Example:
        >>> labels_of_latex([r"$\sigma_{v}$", r"a^{-1}", r"{\bf e}", r"a\_1"])
        {'$\\sigma_{v}$': 'σ_v', 'a^{-1}': 'a^-1', '{\\bf e}': 'e', 'a\\_1': 'a_1'}
    """
    grouped = {source: _grouped(source) for source in dict.fromkeys(sources)}
    # Without braces a_{12} and a_{1}2 would be one label: such ones keep theirs.
    of_plain: dict[str, set[str]] = {}
    for text in grouped.values():
        of_plain.setdefault(_GROUPS.sub("", text), set()).add(text)
    labels: dict[str, str] = {}
    for source, text in grouped.items():
        plain = _GROUPS.sub("", text)
        kept = {_short(each) for each in of_plain[plain]}
        if len(kept) > 1:
            plain = _short(text).replace(_OPEN, "{").replace(_CLOSE, "}")
        labels[source] = plain
    return labels


def _short(text: str) -> str:
    """Return the text without braces that make no difference: around one character."""
    return re.sub(f"{_OPEN}(.?){_CLOSE}", r"\1", text)


def _grouped(source: str) -> str:
    """Return the label of one source, with marks where braces group what is raised or lowered."""
    source = source.strip()
    if source.isalnum():
        return source
    parts: list[str] = []
    # What to put where each open brace closes.
    closing: list[str] = []
    # An unknown command keeps the braces of its arguments.
    keeps_braces = False
    position = 0
    while match := _TOKEN.match(source, position):
        position = match.end()
        kind, token = match.lastgroup, match.group()
        command = match.group("command")
        if command:
            text, position = _command(command, match, source)
            parts.append(text)
            keeps_braces = text.startswith("\\" + command)
        elif kind == "open":
            raised = bool(parts) and parts[-1] in ("^", "_") and not keeps_braces
            parts.append("{" if keeps_braces else _OPEN if raised else "")
            closing.append("}" if keeps_braces else _CLOSE if raised else "")
            keeps_braces = False
        elif kind == "close":
            mark = closing.pop() if closing else ""
            parts.append(mark)
            keeps_braces = mark == "}"
        elif kind == "sign":
            sign = match.group("sign")
            # \, \; \! and the like are spaces, \( and \) stand around mathematics.
            parts.append("" if sign in ",;:!()/[]" else sign)
        elif kind == "blank":
            parts.append(" ")
        elif kind != "math":
            # One sign at a time where it matters whether a brace follows it.
            parts.extend(re.findall(r"[\^_]|[^\^_]+", token))
            keeps_braces = False
    text = " ".join("".join(parts).split())
    text = re.sub(r"\s*([_^])\s*", r"\1", text)
    # A prime is raised by itself.
    return re.sub(rf"\^{_OPEN}?('+){_CLOSE}?", r"\1", text)


def _command(command: str, match: re.Match[str], source: str) -> tuple[str, int]:
    """Return what a command stands for, and where to read on."""
    position = match.end()
    if command in _COLORS:
        argument = _ARGUMENT.match(source, position)
        return "", argument.end() if argument else position
    if command == "char" and (code := re.match(r"\d{1,3}", source[position : position + 3])):
        return chr(int(code.group())), position + code.end()
    if command in _SIGNS:
        return _SIGNS[command], position
    if command in _LOOKS:
        return "", position
    # A blank keeps the command apart from letters that follow.
    is_apart = match.group("blanks") and source[position : position + 1].isalpha()
    return f"\\{command}{' ' if is_apart else ''}", position


_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"{\char34}",
    "`": r"\textasciigrave{}",
    "[": "{[}",  # a bracket or a star after the end of a row would be read as its argument
    "]": "{]}",
    "*": "{*}",
    "-": "{-}",  # no dashes out of hyphens
}


def latex_text_of_label(label: str) -> str:
    r"""Return a label as LaTeX text; line breaks and other control characters become spaces.

    Example:
        >>> print(latex_text_of_label("50% of {a}"))
        50\% of \{a\}
    """
    plain = (c if c >= " " and c != "\x7f" else " " for c in label)
    # One pass over the characters, so that what is put in is not escaped again.
    return "".join(_SPECIAL.get(c, c) for c in plain)
