"""Files to begin with: every format as people and programs write it, small."""

import io
from pathlib import Path

import numpy as np

from cayley.tables import Table, generate_family, mask, write_table
from cayley.tables.formats import FORMATS, READ_ONLY

ROOT = Path(__file__).resolve().parents[1]

LABELS = ("e", "a b", "-1", "\N{GREEK SMALL LETTER SIGMA}'", 'q"', "x,y", "<b>", "=1", "2.0")

TEXTS = {
    "grid": ["0,1,2\n1,2,0\n2,0,_\n", "abcd\nbadc\ncdab\ndcba\n".replace("", " ").strip()],
    "equations": ['labels: a b c\na * b = c # x\n"b" * a = a; c*c = -\n', "a∘b = c\nb∘a = c\n"],
    "aligned": [
        "* | e  a\n--+------\ne | e  a\na | a  ?\n",
        "  1 2 3\n1 1 2 3\n2 2 3 1\n3 3 1 2\n",
    ],
    "gap": [
        "t := [ [ 1, 2, 3 ],\n  [ 2, 3, 1 ], # c\n  [ 3, , 2 ] ];;\n",
        "gap> MultiplicationTable( G );\n[ [ 1, 2 ], [ 2, 1 ] ]\n",
    ],
    "loops": ["Q := LoopByCayleyTable( [ [ 1, 2, 3 ],\n [ 2, 3, 1 ], [ 3, 1, 2 ] ] );\n"],
    "sage": ["*  a b c\n +------\na| a b c\nb| b c a\nc| c a b\n", "[0 1]\n[1 0]\n"],
    "mace4": [
        "interpretation( 2, [number=1], [\n  function(*(_,_), [ 0, 1,\n   1, - ])\n]).\n",
        " * :\n       | 0 1\n    ---+----\n     0 | 0 1\n     1 | 1 0\n",
    ],
    "uacalc": [
        "<algebra><basicAlgebra><cardinality>2</cardinality><op><opSymbol><opName>*</opName>"
        "<arity>2</arity></opSymbol><opTable><row>0,1</row>\n<row>1,0</row></opTable></op>"
        "</basicAlgebra></algebra>"
    ],
    "tptp": [
        'fof(d, fi_domain, ! [X] : ( X = "1" | X = b ) ).\n'
        'fof(f, fi_functors, ( f("1",b) = b & f(b,b) = "1" ) ).\n'
    ],
    "minizinc": ["n = 2; % order\nx = [| 1, _\n  | 2, 1 |];\n", "order 3\n1 . 3\n. 3 .\n3 . 2\n"],
    "latex": [
        "\\begin{array}{c|cc}\n\\cdot & e & \\sigma_{v} \\\\ \\hline\n"
        "e & e & \\sigma_{v} \\\\\n\\sigma_v & {\\bf \\sigma_v} & \n\\end{array}\n"
    ],
    "markdown": ["| * | e | **a** |\n|---|:-:|---|\n| e | e | `a` |\n| a | a\\| | |\n"],
    "html": [
        "<p>x</p><table class='a'><tr><th></th><th>e</th><th>a</th></tr>\n"
        "<tr><th>e</th><td>e</td><td>a&amp;</td></tr>\n"
        "<tr><th>a</th><td>a</td><td></td></tr></table>"
    ],
    "json": [
        "[[1,2,3],[2,3,1],[3,1,null]]",
        '{"triples": [["a","b","c"],["b","a","c"]]}',
        '{"labels": ["e","a"], "table": [["e","a"],["a",null]]}',
        '{"columns":["e","a"],"index":["e","a"],"data":[["e","a"],["a",null]]}',
        '{"e": {"e": "e", "a": "a"}, "a": {"e": "a"}}',
        '[{"left":"a","right":"b","result":"c"}]',
    ],
    "triples": ["a,b,c\nb,c,a\nc,a,b\na,a,a\n", "left;right;result\ne;a;a\na;e;\n"],
    "generators": ["(1 2 3)(4 5)\n(1,2)\n", "[2,3,1]\n[2,1,3]\n", "mod 5\n0 -1\n1 0\n\n1 1\n0 1\n"],
    "operations": ["x,y,z\n-y,x-y,z+1/3\n-x,-y,-z\n", "(1) x,y,z (2) -y,x,z+1/4\n"],
    "presentation": ["< r, s | r^4, s^2, (r s)^2 >", "a^4 = b^2 = (ab)^2 = 1\n"],
    "transitions": ["state,action,next\n0,r,1\n1,r,2\n2,r,0\n0,s,\n"],
    "vectors": ["action,x,y,u,v\nr,1,0,0,1\nr,0,1,-1,0\ns,1,1,1,-1\n"],
}


def _saved(save, *values, **arrays):
    stream = io.BytesIO()
    save(stream, *values, **arrays)
    return stream.getvalue()


def _written(table, format):
    stream = io.BytesIO()
    try:
        write_table(table, stream, format=format, reorder=True)
    except ValueError:
        return None
    return stream.getvalue()


def seeds() -> dict[str, list[bytes]]:
    """Return some files of every kind, by the name of the kind."""
    found = {kind: [text.encode() for text in texts] for kind, texts in TEXTS.items()}
    order = len(LABELS)
    shift = np.add.outer(range(order), range(order)) % order
    tables = [
        mask(generate_family("C3"), observe=0.7, seed=0),
        generate_family("D8"),
        Table.from_array(shift, labels=LABELS),
        Table.from_array([[0, 1], [1, -1]], labels="12"),
    ]
    for format in FORMATS:
        if format not in READ_ONLY:
            files = [_written(table, format) for table in tables]
            found.setdefault(format, []).extend(file for file in files if file is not None)
    for path in sorted((ROOT / "examples" / "tables").glob("*.csv")):
        found["csv"].append(path.read_bytes()[:4000])
    states, actions = np.array(["a", "b", "a"]), np.array(["r", "r", "s"])
    moves = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    found["npy"].append(_saved(np.save, np.array([[1.0, 2.0], [2.0, np.nan]])))
    found["npz"].append(_saved(np.savez, table=np.array([[0, 1], [1, -1]]), rows=np.array([5, 7])))
    found["observations"] = [
        _saved(np.savez, state=states, action=actions, next=states[::-1]),
        _saved(np.savez_compressed, action=actions, before=moves, after=moves @ moves.T[:2, :2]),
    ]
    return found
