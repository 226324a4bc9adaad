"""Checks a certificate of schema ``cayley.certificate/1``; one file, standard library only.
Run ``python -I checker.py certificate.json [table.csv]``. Exit status: 0 proved, 1 refused, 2 not
read. It imports nothing of cayley, so what it accepts does not depend on how cayley found it.
Claims about a full table are checked in all its cells. A claim about *every* table of a theory
comes with a proof, line by line, which is read so. Fix any table of the theory with the given
cells; if it is an isotope of a group G, ``f(a) g(b) = h(c)`` where ``a o b = c``, work in G, with
``f(a0) = g(b0) = 1`` as some choice of f, g, h has for any row a0 and column b0 (the gauge). In a
*homotope* f and g are any maps to a group, and h is one-to-one on the symbols that occur.
*Names* are numbers that stand for elements: 0 for the unit if the theory has one; then the labels
from 1 on (for an isotope f of all rows, g of all columns, h of all symbols); then what the proof
defines. A *fact* ``(p, q, r)`` says that p*q = r, and ``(p, EQ, r)`` that p = r. Facts are numbered
from 0: the given cells, the gauge, and what each line adds by the rule that it names, a method
``rule_...`` of `Proof`, from earlier ones. So every fact is true of the table that was fixed.
"""

# fmt: off
import csv
import hashlib
import itertools
import json
import math
import sys

SCHEMA, EQ = "cayley.certificate/1", -1
MOST_BYTES = 1 << 28  # of a file; a proof for a thousand elements takes some megabytes
MOST_ORDER = 5000  # of a table: 25 million cells
MOST_WORK = 50_000_000  # instances of a law on a full table, and the like: a minute or two
ISOTOPE, HOMOTOPE = "isotope of a group", "homotope of a group"
CONDITIONS = ("left cancellation", "right cancellation", "unit", "inverses")
KEYS_OF_LABELS = ("rows", "columns", "symbols")
ASSOCIATIVE = [[0, [1, 2]], [[0, 1], 2]]
class Refused(Exception):
    """The certificate does not prove what it claims, or is not understood."""
def need(condition, reason):
    if not condition:
        raise Refused(reason)
def number(x, bound, what):  # an integer in 0..bound-1
    need(type(x) is int and 0 <= x < bound, what)
    return x
def integers(values, bound, what, size=None):  # a list of them, of a given size
    need(isinstance(values, list) and size in (None, len(values)), f"{what}: no list of its size")
    fine = {*map(type, values)} <= {int} and min([0, *values]) == 0 and max([-1, *values]) < bound
    need(fine, f"{what}: not in range")
    return values
def printable(text):  # control characters are written as escapes
    return "".join(x if x.isprintable() else ascii(x)[1:-1] for x in text)
def square(rows, n):  # a full table of order n
    need(isinstance(rows, list) and len(rows) == n, f"a full table of order {n} is missing")
    return [integers(row, n, "a row of a table", n) for row in rows]
def entries(table):  # its cells: a o b = c
    return [(a, b, c) for a, row in enumerate(table) for b, c in enumerate(row)]
def compiled(law):  # the number of variables, the products in order, the places of the two sides
    products = []  # variable v has place v, the k-th product (k = 1, 2, ...) has place -k
    def place(term, depth=0):
        if type(term) is int and term >= 0:
            return term
        need(isinstance(term, list) and len(term) == 2 and depth < 30, "no term, or too deep")
        products.append(tuple(place(each, depth + 1) for each in term))
        return -len(products)
    left, right = map(place, law)
    variables = {x for pair in [*products, (left, right)] for x in pair if x >= 0}
    need(variables == {*range(len(variables))} and len(variables) <= 20, "variables are not 0..")
    return len(variables), products, (left, right)
def spelled(term, between=" = "):  # a law, or a term of it, as text
    if type(term) is int:
        return "xyzwuvtsrqpnmlkjihgf"[term]
    parts = (spelled(each, "*") for each in term)
    return between.join(f"({x})" if between == "*" and len(x) > 1 else x for x in parts)
def values(term, table, at):  # of a term in some instances, which give lists for its variables
    if type(term) is int:
        return at[term]
    return [table[x][y] for x, y in zip(*(values(each, table, at) for each in term))]
def holds(law, table, instances):  # whether the two sides of a law are equal in all of these
    at = [*map(list, zip(*instances))]
    return values(law[0], table, at) == values(law[1], table, at)
def is_associative(table):  # Light's test: (a g) b = a (g b) for every g of a generating set
    generators, reached = [], set()
    for candidate in range(len(table)):
        if candidate not in reached:
            generators.append(candidate)
            new = reached | {candidate}
            while new:  # reached: all products ((g1 g2) g3) ... of generators
                reached |= new
                new = {table[a][g] for a in new for g in generators} - reached
    # Those g with (a g) b = a (g b) for all a and b are closed under products, so they are all.
    return all(table[row[g]] == [row[c] for c in table[g]] for g in generators for row in table)
def no_repeats(lines):  # no line holds a symbol twice
    return all(len({*line}) == len(line) for line in lines)
def is_latin(table):
    return no_repeats(table) and no_repeats(zip(*table))
def is_isotope(table, maps, *, homotope=False):  # f(a) g(b) = h(a o b) in all cells, for bijections
    group, n = square(maps["group"], len(maps["group"])), len(table)
    f, g, h = (integers(maps[key], len(group), key, n) for key in KEYS_OF_LABELS)
    need(homotope or (no_repeats([f, g, h]) and n == len(group)), "the maps are not one-to-one")
    need(no_repeats([[h[c] for c in {*itertools.chain(*table)}]]), "symbols are not kept apart")
    need(is_latin(group) and is_associative(group), "the maps lead to no group")
    return all(group[f[a]][g[b]] == h[c] for a, b, c in entries(table))
def satisfies(table, demand):  # a full table has a condition, or satisfies a law in all instances
    everyone = range(len(table))
    if demand in CONDITIONS[:2]:
        return no_repeats(table if demand == CONDITIONS[0] else zip(*table))
    if demand in CONDITIONS[2:]:
        units = [e for e in everyone if all(table[e][x] == x == table[x][e] for x in everyone)]
        return bool(units) and (demand == "unit" or all(
            any(table[x][y] == units[0] == table[y][x] for y in everyone) for x in everyone))
    if demand in (ASSOCIATIVE, ASSOCIATIVE[::-1]):
        return is_associative(table)
    others = [everyone] * (compiled(demand)[0] - 1)  # the variables but the first
    need(len(table) ** len([0, *others]) <= MOST_WORK, f"{spelled(demand)}: too many instances")
    return all(holds(demand, table, itertools.product([x], *others)) for x in everyone)
class Theory:  # what an operation is: a group, an isotope or homotope, or by laws and conditions
    def __init__(self, given):
        self.name, self.is_homotope = given["name"][:200], given["name"] == HOMOTOPE
        self.is_isotope = self.is_homotope or self.name == ISOTOPE  # with three alphabets
        self.is_plain = self.is_isotope or self.name == "group"  # associative, cancellative
        stated = {"laws": [ASSOCIATIVE], "conditions": CONDITIONS} if self.is_plain else given
        need(len(given) == (1 if self.is_plain else 3), "a theory is of three kinds, or by laws")
        self.laws, self.conditions = stated["laws"], stated["conditions"]
        need(all(each in CONDITIONS for each in self.conditions), "an unknown condition")
        self.compiled = [*map(compiled, self.laws)]
        self.left, self.right, unit, self.inverses = (x in self.conditions for x in CONDITIONS)
        self.unit = unit or self.inverses
        associative = ASSOCIATIVE in self.laws or ASSOCIATIVE[::-1] in self.laws
        self.is_group = self.left and self.right and self.unit and associative
        by_laws = f"{self.name} [{'; '.join([*map(spelled, self.laws), *self.conditions])}]"
        self.text = self.name if self.is_plain else by_laws
    def has(self, table, maps):  # a full table is of it; an isotope comes with its maps to a group
        if self.is_isotope:
            return is_isotope(table, maps, homotope=self.is_homotope)
        return all(satisfies(table, demand) for demand in [*self.conditions, *self.laws])
class Proof:  # the facts that the lines of a proof add, each true in every table of the theory
    def __init__(self, theory, n, cells, gauge):
        # Whether two products that agree in the other two places agree in this one.
        self.cancel = {0: theory.right, 1: theory.left, 2: True}
        r, c, s = self.starts = [1, 1 + n, 1 + 2 * n] if theory.is_isotope else [1, 1, 1]
        self.theory, self.laws, self.n, self.names = theory, theory.compiled, n, s + n
        self.facts = [(r + a, c + b, s + v) for a, b, v in cells]
        if theory.is_isotope:
            a, b = integers(gauge, n, "the gauge", 2)
            self.facts += [(r + a, EQ, 0), (c + b, EQ, 0)]
        # The open cases, the innermost last; whether the facts contradict each other in this one.
        self.scopes, self.refuted = [], False
        self.frame, self.columns, self.symbols = {}, {}, {}
    def run(self, lines):
        for number_of_line, (rule, *rest) in enumerate(lines):
            try:
                need(not self.refuted or rule in ("case", "end"), "it comes after the end")
                RULES[rule](self, *rest)
            except (Refused, TypeError, KeyError, ValueError) as error:
                raise Refused(f"line {number_of_line}, {rule!s:.20}: {error}") from None
        need(not self.scopes, "cases are left open")
        return self
    def fact(self, i):
        return self.facts[number(i, len(self.facts), "no such fact")]
    def product(self, i):  # a fact that is no equality
        need(self.fact(i)[1] != EQ, "an equality where a product is needed")
        return self.facts[i]
    def name(self, x):  # a name that exists
        need(x != 0 or self.theory.unit, "the theory has no unit")
        return number(x, self.names, "no such name")
    def labels(self, kind):  # the names of the rows (0), the columns (1) or the symbols (2)
        return range(self.starts[kind], self.starts[kind] + self.n)
    def all_of(self, kind, p=None, q=None):  # these, if one of them is any element; or is p*q
        given = kind == 2 and p in self.labels(0) and q in self.labels(1)
        need(not self.theory.is_homotope or given, "there may be other elements")
        return self.labels(number(kind, 3, "no such kind"))
    def apart(self, x, y):  # two different labels of one kind; rows of a homotope may be equal
        kinds = map(self.labels, (2,) if self.theory.is_homotope else (0, 1, 2))
        return x != y and any(x in kind and y in kind for kind in kinds)
    def define(self, *facts):  # add facts about one new name, which stands as None in them
        self.facts += [tuple(self.names if x is None else self.name(x) for x in f) for f in facts]
        self.names += 1
    # Definitions. Translations of a finite set that are one-to-one are onto.
    def rule_define(self, p, q, r, place):  # name the factor or the product at a place of p*q = r
        need(self.cancel.get(place), "needs cancellation")
        self.define(tuple(None if at == place else x for at, x in enumerate((p, q, r))))
    def rule_inverse(self, x):  # name the inverse of x
        need(self.theory.inverses, "the theory has no inverses")
        self.define((x, None, 0), (None, x, 0))
    def rule_unit(self, x):  # 1*x = x and x*1 = x
        self.facts += [(self.name(0), self.name(x), x), (x, 0, x)]
    def rule_same(self, i, j, place):  # two products that agree in two places agree in the third
        one, other = self.product(i), self.product(j)
        agree = all(one[k] == other[k] for k in range(3) if k != place)
        need(agree and self.cancel.get(place), "they do not agree, or it needs cancellation")
        self.facts.append((one[place], EQ, other[place]))
    def rule_replace(self, i, place, j):  # put equals for equals in one place of a fact
        fact, (x, q, y) = [*self.fact(i)], self.fact(j)
        need(q == EQ and place in (0, 1, 2) and fact[place] in (x, y), "not an equality for it")
        fact[place] = y if fact[place] == x else x
        self.facts.append(tuple(fact))
    def rule_law(self, k, instance, used):  # one product, the outermost of a side, may be unknown
        variables, products, sides = self.laws[number(k, len(self.laws), "no such law")]
        need(len(instance) == variables and len(used) == len(products), "not an instance")
        values, unknown = [*map(self.name, instance)], []
        for (p, q), i in zip(products, used):
            factors = values[p], values[q]
            unknown += [factors] if i == -1 else []
            same = i == -1 or self.product(i)[:2] == factors
            need(same and None not in factors, "a fact about another product, or one unknown")
            values.insert(variables, None if i == -1 else self.facts[i][2])
        known = [values[x] for x in sides if values[x] is not None]
        need(known, "both sides are unknown")  # an unknown product is a side, or it is refused
        self.facts.append((*unknown[0], known[0]) if unknown else (known[0], EQ, known[1]))
    def rule_associate(self, which, *used):  # (va)b = v(ab): three of these give the fourth
        places, at = ["vaw", "abc", "wbu", "vcu"], {}  # v a = w, a b = c, w b = u, v c = u
        wanted = places.pop(number(which, 4, "not one of four"))
        need(self.theory.is_group and len(used) == 3, "the theory is no group, or not three facts")
        for letters, i in zip(places, used):
            for letter, x in zip(letters, self.product(i)):
                need(at.setdefault(letter, x) == x, "they do not fit together")
        self.facts.append(tuple(at[letter] for letter in wanted))
    # One place of p*q = r is the label kept (-1: none, which refutes), since every other is
    # excluded by a fact that agrees in two places and differs in the third.
    def rule_only(self, p, q, r, place, kind, kept, used):
        need(self.cancel.get(place), "needs cancellation")  # then such an element exists
        triple = [x if at == place else self.name(x) for at, x in enumerate((p, q, r))]
        rest = [x for x in self.all_of(kind, *triple[:place][:2]) if x != kept]  # place 2: p and q
        need(kept in (-1, *self.labels(kind)) and len(used) == len(rest), "not one for each label")
        for triple[place], i in zip(rest, used):
            pairs = zip((0, 1, 2), self.product(i), triple)
            differ = [self.cancel[at] and self.apart(x, y) for at, x, y in pairs if x != y]
            need(differ == [True], "a label is not excluded")
        triple[place], self.refuted = kept, kept == -1
        self.facts += [] if self.refuted else [tuple(triple)]
    def rule_clash(self, i):  # two different labels are equal: there is no such table in this case
        x, q, y = self.fact(i)
        need(q == EQ and self.apart(x, y), "not two different labels")
        self.refuted = True
    # Cases: p*q (or p itself, q = EQ) is one of the labels of a kind. If all cases but one are
    # refuted, that one holds; if all are, so is what was assumed outside.
    def rule_cases(self, p, q, kind):  # open cases
        cases = self.name(p), q if q == EQ else self.name(q), self.all_of(kind, p, q), set()
        self.scopes.append((*cases, len(self.facts), self.names))
    def rule_case(self, label):  # close the case before and suppose the next
        p, q, labels, supposed = self.leave()
        need(label in labels and label not in supposed, "not another label")
        supposed.add(label)
        self.facts.append((p, q, label))
    def rule_end(self):  # close the last case and draw the conclusion
        p, q, labels, supposed = self.leave()
        left = {*labels} - supposed
        need(len(left) <= 1, "several cases are left")
        self.refuted = not left
        self.facts += [(p, q, label) for label in left]
        self.scopes.pop()
    def leave(self):  # close a case, which must be refuted; forget its facts and names
        need(self.scopes, "no cases are open")
        *cases, num_facts, num_names = self.scopes[-1]
        if cases[-1]:
            need(self.refuted, "a case is not refuted")
            del self.facts[num_facts:]
            self.names, self.refuted = num_names, False
        return cases
    # Whole columns of a group, so that n*n cells take few lines. The frame x_0, x_1, ... is all of
    # G; the column of q is the permutation of the frame by which q multiplies from the right.
    def rule_frame(self, names, used):  # x_a is the row a: its own name, or another by an equality
        need(self.theory.is_group and not self.scopes and not self.frame, "no group, or in a case")
        for row, x, i in zip(self.all_of(0), names, used, strict=True):
            need(x == row or self.fact(i) in ((row, EQ, x), (x, EQ, row)), "not the row")
        self.frame, self.columns[0] = {x: a for a, x in enumerate(names)}, [*range(self.n)]
    def rule_column(self, q, used):  # the products of all x_a with q
        column = {self.frame[p]: self.frame[r] for p, x, r in map(self.product, used) if x == q}
        need(len(column) == self.n and not self.scopes, "not a permutation, or inside a case")
        self.columns[q] = [column[a] for a in range(self.n)]
    def rule_compose(self, i):  # the column of p*q: x_a (p q) = (x_a p) q; or of what is equal
        need(not self.scopes, "inside a case")
        p, q, r = self.fact(i)
        if q == EQ:
            (p, r), q = ((p, r) if p in self.columns else (r, p)), 0
        self.columns[r] = [self.columns[q][b] for b in self.columns[p]]
    def rule_symbols(self, used):  # a symbol is an element of the frame: itself (-1), or an equal
        need(len(used) == self.n and not self.scopes, "not one for each, or inside a case")
        for v, (symbol, i) in enumerate(zip(self.labels(2), used)):
            x, q, y = (symbol, EQ, symbol) if i == -1 else self.fact(i)
            need(q == EQ and symbol in (x, y), "no equality for the symbol")
            self.symbols[self.frame[y if x == symbol else x]] = v
    def known(self):  # the cells (a, b): c that every table has
        rows, columns, symbols = map(self.labels, range(3))
        found = {(p - rows[0], q - columns[0]): v - symbols[0] for p, q, v in self.facts
                 if p in rows and q in columns and v in symbols}
        return found | {(a, b): self.symbols[c] for b, q in enumerate(columns)
                        for a, c in enumerate(self.columns.get(q, ())) if c in self.symbols}
RULES = {key[5:]: rule for key, rule in vars(Proof).items() if key.startswith("rule_")}
def is_prime(p):
    return p > 1 and all(p % q for q in range(2, math.isqrt(p) + 1))
class Certificate:  # the given cells, a completed table perhaps, and claims about them
    def __init__(self, schema, rows, columns, symbols, cells, sha256, claims, table=None):
        need(schema == SCHEMA, f"the schema is not {SCHEMA}")
        need(isinstance(claims, list) and claims, "it claims nothing")
        self.labels, self.n, self.claims = [rows, columns, symbols], len(rows), claims
        need(0 < self.n == len(columns) == len(symbols) <= MOST_ORDER, "not square, or too large")
        need(all(isinstance(x, str) for each in self.labels for x in each), "a label is no text")
        need(no_repeats(self.labels), "a label twice")
        self.one_alphabet = rows == columns == symbols
        self.cells = [tuple(integers(cell, self.n, "a cell", 3)) for cell in cells]
        self.named = sorted(map(self.shown, self.cells))
        text = json.dumps([*map(sorted, self.labels), self.named])  # in whatever order they are
        need(sha256 == hashlib.sha256(text.encode()).hexdigest(), "other cells")
        self.table = None if table is None else square(table, self.n)
    def shown(self, cell):  # the labels of its row, column and symbol
        return [labels[x] for labels, x in zip(self.labels, cell)]
    def checked(self, claim, theory=None, without=(), gauge=(0, 0), **rest):  # as a sentence
        try:
            self.without = frozenset(integers([*without], len(self.cells), "without"))
            self.kept = [cell for i, cell in enumerate(self.cells) if i not in self.without]
            self.given, self.gauge = f"the {len(self.kept)} given cells", [*gauge]
            self.given += f" (without {len(self.without)} others)" if self.without else ""
            self.theory = None if theory is None else Theory(theory)
            need(self.one_alphabet or theory is None or self.theory.is_isotope, "several alphabets")
            self.kind = "" if theory is None else f"of this kind: {self.theory.text}"
            return printable(getattr(self, "claim_" + claim.replace(" ", "_"))(**rest))
        except (Refused, TypeError) as error:
            raise Refused(f"{claim}: {error}") from None
    def follows(self, lines, *more, cells=(), gauge=None):  # new cells among some; None: no table
        given = [*self.kept, *more]
        proof = Proof(self.theory, self.n, given, gauge or self.gauge).run(lines)
        known = {} if proof.refuted else proof.known()
        for a, b, c in cells:
            need(known.get((a, b)) == c, f"row {a}, column {b} does not follow")
        new = {(a, b) for a, b, _ in cells} - {(a, b) for a, b, _ in given}
        return None if proof.refuted else len(new)
    def model(self, table, maps=None):  # a full table of the theory with the given cells
        table = square(table, self.n)
        need(all(table[a][b] == c for a, b, c in self.kept), "a table lacks a given cell")
        need(self.theory.has(table, maps), f"a table is no {self.theory.text}")
        return table
    def at(self, a, b):  # a cell as text
        return f"{self.labels[0][a]} o {self.labels[1][b]}, with {self.given},"
    def claim_forced(self, cells, proof, maps=None):  # each has these cells as well
        whole = cells == "all"  # then the table that they force exists as well
        new = self.follows(proof, cells=entries(self.model(self.table, maps)) if whole else cells)
        more = "the whole completed table" if whole else f"{new or 0} more"
        return f"{self.given} force {more} if the table is {self.kind}"
    def claim_inconsistent(self, proof):  # there is none
        need(self.follows(proof) is None, "the proof ends in no contradiction")
        return f"no table with {self.given} is {self.kind}"
    def claim_not_unique(self, tables, maps=(None, None)):  # there are these two
        tables = [*map(self.model, tables, maps)]
        need(len(tables) == 2 and tables[0] != tables[1], "not two different tables")
        return f"two different tables with {self.given} are {self.kind}"
    def claim_possible(self, cell, tables, refuted):  # a table for each value of a cell, or none
        a, b = integers(cell, self.n, "the cell", 2)
        values = {self.model(table)[a][b] for table in tables}
        others = {v for v, lines in refuted if self.follows(lines, (a, b, v)) is None}
        need(values | others == {*range(self.n)}, "a value is not decided")
        some = sorted(self.labels[2][v] for v in values)
        return f"{self.at(a, b)} can only be one of {some} if the table is {self.kind}"
    def claim_next(self, cell, answers):  # what each value of a cell would settle
        a, b = integers(cell, self.n, "the cell", 2)
        need(sorted(v for v, *_ in answers) == [*range(self.n)], "not each answer")
        found = [self.follows(lines, (a, b, v), cells=cells) for v, cells, lines in answers]
        settled = [new for new in found if new is not None]
        least, most = min(settled, default=0), max(settled, default=0)
        return (f"{self.at(a, b)} has at most {len(settled)} possible answers, which settle "
                f"{least} to {most} more cells at least, if the table is {self.kind}")
    def claim_wrong(self, refuted, only):  # some of each set of refuted cells is wrong
        sets, most, apart = [frozenset(places) for places, *_ in refuted], len(self.without), []
        for places, lines, gauge in refuted:
            self.kept = [self.cells[i] for i in integers(places, len(self.cells), "cells")]
            need(self.follows(lines, gauge=gauge) is None, "these cells are not refuted")
        for each in sorted(sets, key=len):
            apart += [each] if all(map(each.isdisjoint, apart)) else []
        need(0 < most <= len(apart), "fewer cells may be wrong")  # than sets without a common cell
        for cell in self.without if only else ():  # more sets than cells, with just this in common
            its = [each - {cell} for each in sets if cell in each]
            need(len(its) > most and no_repeats([[*itertools.chain(*its)]]), "others may be wrong")
        these = sorted(self.shown(self.cells[i]) for i in self.without)
        more = f" and, if no more are, these: {these}," if only else ""
        return f"at least {most} given cells are wrong{more} if the table is {self.kind}"
    def group_by(self, maps):  # the table or the group that it is an isotope of; its unit; in words
        theory = Theory({"name": "group" if maps is None else ISOTOPE})
        need((maps or self.one_alphabet) and theory.has(self.table, maps), f"no {theory.text}")
        table, words = (self.table, "") if maps is None else (maps["group"], "isotopic to ")
        unit = next(x for x, row in enumerate(table) if row[x] == x)
        return table, unit, f"the completed table is {words}a group"
    def claim_group(self):
        return f"{self.group_by(None)[2]}: a Latin square, associative by Light's test"
    def claim_isotope(self, maps=None, rows=(), columns=()):  # by maps; or it is none
        if maps is not None:
            return f"{self.group_by(maps)[2]}: f(a) g(b) = h(c) in all cells"
        if not is_latin(self.table):
            return "the completed table is isotopic to no group: it is no Latin square"
        a, b, c, d = ([self.table[i][j] for j in integers(columns, self.n, "columns", 4)]
                      for i in integers(rows, self.n, "rows", 4))  # all agree if three corners do
        need((a[0], a[1], b[0]) == (c[2], c[3], d[2]) and b[1] != d[3], "no such quadrangles")
        return "the completed table is isotopic to no group: the quadrangle criterion fails"
    def claim_law(self, law, instance=None):  # it holds in all instances, or fails in one
        if instance is None:
            need(satisfies(self.table, law), "it does not hold")
            return f"{spelled(law)} holds in the completed table"
        integers(instance, self.n, "an instance", compiled(law)[0])
        need(not holds(law, self.table, [instance]), "it holds")
        return f"{spelled(law)} fails in the table at {[self.labels[0][x] for x in instance]}"
    def claim_polynomial(self, modulus, monomials):  # all through the given cells have its values
        p, (rows, columns, symbols) = modulus, [[*map(int, x)] for x in self.labels]
        need(is_prime(number(p, MOST_ORDER, "too large")), "no prime")
        need(all(0 <= x < p for each in (rows, columns, symbols) for x in each), "no residues")
        found = [{} for _ in monomials]  # equations by the first coefficient that is not 0, but 1
        for place, (a, b, c) in enumerate([*self.cells, *entries(self.table)]):
            kind = columns[b] % len(monomials)
            powers = [pow(rows[a], i, p) * pow(columns[b], j, p) % p for i, j in monomials[kind]]
            equation = [*powers, symbols[c]]  # for the coefficients, less what is known already
            for at, other in found[kind].items():
                equation = [(x - equation[at] * y) % p for x, y in zip(equation, other)]
            if any(equation):
                need(place < len(self.cells), "a cell does not follow")
                at = next(at for at, x in enumerate(equation) if x)
                need(at < len(powers), "no polynomial has the cells")
                found[kind][at] = [x * pow(equation[at], -1, p) % p for x in equation]
        shown = " | ".join(", ".join(f"a^{i} b^{j}" for i, j in each) for each in monomials[:3])
        return (f"the {len(self.cells)} given cells force the whole completed table if it is a "
                f"polynomial modulo {p} of {shown}" + " | ..." * (len(monomials) > 3))
    def claim_named(self, name, generators, permutations, relators, maps=None):
        table, unit, words = self.group_by(maps)
        degree = number(max([1, *map(len, permutations)]), MOST_ORDER, "too many points")
        integers(generators, self.n, "generators", len(permutations))
        need(no_repeats(integers(p, degree, "p", degree) for p in permutations), "no permutations")
        pairs, new = set(), {(unit, tuple(range(degree)))}
        while new and len(pairs) <= self.n:  # a product goes to the product: first x, then g
            pairs |= new
            new = {(table[x][g], tuple(p[i] for i in image))
                   for x, image in new for g, p in zip(generators, permutations)} - pairs
        need(len(pairs) == self.n and no_repeats(zip(*pairs)), "no isomorphism")
        letters = dict(enumerate(generators, 1))
        letters |= {-i: table[g].index(unit) for i, g in letters.items()}
        for word in relators:
            x = unit
            for letter in word:
                x = table[x][letters[letter]]
            need(word and x == unit, "a relation does not hold")
        # All k! permutations are S_k, half of them A_k. D: by r and s with s s = (r s)(r s) = 1.
        whole, size = math.factorial(min(degree, 9)), len(generators)
        involutions = {x for x, row in enumerate(table) if row[x] == unit}
        turned = [{s, table[r][s]} for r, s in itertools.permutations(generators, 2) if size == 2]
        sure = {f"S{degree}": self.n == whole, f"A{degree}": 2 * self.n == whole,
                f"C{self.n}": size == 1, f"D{self.n}": any(map(involutions.issuperset, turned))}
        name = name[:99] + ("" if sure.get(name) else ", a name that is not checked")
        return f"{words} isomorphic to that of {size} permutations of {degree} points: {name}"
    # A row chi is irreducible, and so is each of k rows that differ: all. For if |C| chi(C) chi(h)
    # is chi(1) times the sum of chi(g h) over g in C, for all classes C and elements h, then chi is
    # a multiple of an irreducible character; its norm and that chi(1) > 0 leave the multiple 1.
    def claim_characters(self, classes, root, values, maps=None):
        (table, unit, words), n, k = self.group_by(maps), self.n, len(classes)
        need(len(values) == k and all(len(row) == k for row in values), "not one for each class")
        most = max(len(terms) for row in values for terms in row)
        work = k * k * (n * number(root, MOST_ORDER, "a root") + k * most * most)
        need(most <= root and work <= MOST_WORK, "too many classes, or terms")
        inverse = [row.index(unit) for row in table]
        orbits = {frozenset(table[table[x][g]][y] for x, y in enumerate(inverse)) for g in range(n)}
        need({*map(frozenset, classes)} == orbits and sum(map(len, classes)) == n, "no classes")
        # A sum f(z), z = exp(2 pi i/root), is 0 just if f times all 1 - x^(root/q), q prime, is 0
        # modulo x^root - 1: these are not 0 at z, and each root of 1 not conjugate to z is a root.
        steps = [root // q for q in range(2, root + 1) if root % q == 0 and is_prime(q)]
        def value(terms):  # of a sum of c z^i: as many whole numbers, the same for equal sums
            f = [0] * root
            for i, c in terms:
                need(type(c) is int, "no whole coefficient")
                f[i % root] += c
            for step in steps:
                f = [x - f[i - step] for i, x in enumerate(f)]
            return tuple(f)
        need(len({tuple(map(value, row)) for row in values}) == k, "a row twice")
        rows = [{x: v for each, v in zip(classes, row) for x in each} for row in values]
        degrees = [sum(c for _, c in chi[unit]) for chi in rows]
        for degree, chi in zip(degrees, rows):
            need(degree > 0 and not any(value([*chi[unit], (0, -degree)])), "no positive degree")
            for each, (h, *_) in itertools.product(classes, classes):
                total = [(i, degree * c) for g in each for i, c in chi[table[g][h]]]
                total += [(i + j, -len(each) * c * d) for i, c in chi[each[0]] for j, d in chi[h]]
                need(not any(value(total)), "a row is no multiple of a character")
            norm = [(i + j, len(each) * c * d) for each in classes
                    for i, c in chi[each[0]] for j, d in chi[inverse[each[0]]]]
            need(not any(value([*norm, (0, -n)])), "a row is not of norm 1")
        shown = ", ".join(f"{x} ({degrees.count(x)} times)" for x in sorted({*degrees}))
        return f"{words} that has the stated irreducible characters, of degrees {shown}"
def cells_of_csv(path):  # by label, of a square table with labels; ``?``, ``.``, blanks are unknown
    with open(path, encoding="utf-8-sig", newline="") as file:
        (_, *columns), *rows = [[x.strip() for x in row] for row in csv.reader(file) if row]
    return sorted([row, column, symbol] for row, *symbols in rows
                  for column, symbol in zip(columns, symbols) if symbol not in ("", "?", "."))
def check(document, cells=None):  # the claims, about given cells by label, as sentences, or Refused
    try:
        certificate = Certificate(**document)
        need(cells in (None, certificate.named), "the table has other cells than were given")
        return [certificate.checked(**claim) for claim in certificate.claims]
    except Exception as error:  # whatever a hostile certificate leads to
        reason = str(error) if isinstance(error, Refused) else f"it is not understood: {error}"
        raise Refused(printable(reason)) from None
if __name__ == "__main__":  # check a file and print what is proved
    try:
        with open(sys.argv[1], "rb") as file:
            status, document = 0, json.loads(file.read(MOST_BYTES))
        answers = [f"proved: {x}" for x in check(document, *map(cells_of_csv, sys.argv[2:3]))]
    except Refused as refused:
        status, answers = 1, [f"refused: {refused}"]
    except (OSError, ValueError, RecursionError, IndexError, csv.Error) as error:
        status, answers = 2, [f"not read: {error}", __doc__]
    print(*answers, sep="\n")
    sys.exit(status)
