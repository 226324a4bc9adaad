"""Checks a certificate of schema ``cayley.certificate/1``; one file, standard library only.

    python -I checker.py certificate.json [table.csv]

It imports nothing of cayley, so what it accepts does not depend on how cayley found it. Claims
about a full table are checked in all its cells. A claim about *every* table of a theory comes with
a proof, line by line, which is read so. Fix any table of the theory with the given cells; if it is
an isotope of a group G, ``f(a) g(b) = h(c)`` where ``a o b = c``, work in G, with
``f(a0) = g(b0) = 1`` as some choice of f, g, h has for any row a0 and column b0 (the gauge). In a
*homotope* f and g are any maps to a group, and h is one-to-one on the symbols that occur.
*Names* are numbers that stand for elements: 0 for the unit if the theory has one; then the labels
from 1 on (for an isotope f of all rows, g of all columns, h of all symbols); then what the proof
defines. A *fact* is a triple: ``(p, q, r)`` says that p*q = r, and ``(p, EQ, r)`` that p = r. Facts
are numbered from 0, the given cells first, then the gauge. Each line adds facts that follow from
earlier ones by the rule that it names: the methods ``rule_...`` of `Proof`. So every fact is true
of the table that was fixed, whatever table it was. Exit status: 0 proved, 1 refused, 2 not read.
"""

# fmt: off
# The file is kept as short as it can be read, since it is meant to be read.
import collections
import csv
import hashlib
import itertools
import json
import math
import sys

SCHEMA, EQ = "cayley.certificate/1", -1
MOST_BYTES = 1 << 28  # of a file; a proof for a thousand elements takes some megabytes
MOST_ORDER = 5000  # of a table: 25 million cells
MOST_CASES = 10_000  # cases inside cases
MOST_WORK = 50_000_000  # instances of a law on a full table: a minute or two
MOST_CHOICES = 1_000_000  # choices of wrong cells that are gone through
ISOTOPE, HOMOTOPE = "isotope of a group", "homotope of a group"
CONDITIONS = ("left cancellation", "right cancellation", "unit", "inverses")
KEYS_OF_LABELS = ("rows", "columns", "symbols")
KEYS = {"schema", *KEYS_OF_LABELS, "cells", "sha256", "table", "claims"}
KEYS_OF_CLAIMS = {"claim", "theory", "cells", "without", "gauge", "maps", "proof", "tables", "cell",
                  "refuted", "rows", "columns", "law", "instance", "only", "answers", "modulus",
                  "monomials", "name", "generators", "permutations", "relators", "classes",
                  "root", "values"}
ASSOCIATIVE = [[0, [1, 2]], [[0, 1], 2]]

class Refused(Exception):
    """The certificate does not prove what it claims, or is not understood."""

def need(condition, reason):
    if not condition:
        raise Refused(reason)

def integers(values, bound, what, size=None):
    """Return a list of integers in 0..bound-1, of a given size, or refuse."""
    need(isinstance(values, list) and size in (None, len(values)), f"{what}: no list of its size")
    need(all(type(x) is int and 0 <= x < bound for x in values), f"{what}: not in range")
    return values

def square(rows, n):
    """Return a full table of order n, or refuse."""
    need(isinstance(rows, list) and len(rows) == n, f"a full table of order {n} is missing")
    return [integers(row, n, "a row of a table", n) for row in rows]

# ---- laws and conditions on a full table -------------------------------------------------------
def compiled(law):
    """Return the number of variables, the products in order, and the places of the two sides."""
    products, variables = [], set()  # variable v has place v, the k-th product (k = 1, 2, ...) -k
    def place(term, depth):
        need(depth < 30, "a law is nested too deeply")
        if type(term) is int:
            variables.add(term)
            return term
        need(isinstance(term, list) and len(term) == 2, "a term is neither a variable nor a pair")
        products.append((place(term[0], depth + 1), place(term[1], depth + 1)))
        return -len(products)
    sides = place(law[0], 0), place(law[1], 0)
    need(variables == set(range(len(variables))) and len(variables) <= 20, "variables are not 0..")
    return len(variables), products, sides

def spelled(term, between=" = "):
    """Return a law, or a term of it, as text."""
    if type(term) is int:
        return "xyzwuvtsrqpnmlkjihgf"[term]
    parts = (spelled(each, "*") for each in term)
    return between.join(f"({x})" if between == "*" and len(x) > 1 else x for x in parts)

def evaluated(table, products, values):
    """Return the values of variables and products of an instance, by their places."""
    values = [*values, *[0] * len(products)]
    for k, (p, q) in enumerate(products, 1):
        values[-k] = table[values[p]][values[q]]
    return values

def is_associative(table):
    """Light's test: (a g) b = a (g b) for all a and b, and every g of a generating set."""
    generators, reached = [], set()
    for candidate in range(len(table)):
        if candidate not in reached:
            generators.append(candidate)
            waiting = [*reached, candidate]
            reached.add(candidate)
            while waiting:  # reached: all products ((g1 g2) g3) ... of generators
                a = waiting.pop()
                more = {table[a][g] for g in generators} - reached
                reached |= more
                waiting += more
    # Those g with (a g) b = a (g b) for all a and b are closed under products, so they are all.
    return all(table[row[g]] == [row[c] for c in table[g]] for g in generators for row in table)

def is_latin(table):
    """Whether no row and no column holds a symbol twice."""
    return all(len(set(line)) == len(table) for line in [*table, *zip(*table)])

def is_isotope(table, maps, *, homotope=False):
    """Whether f(a) g(b) = h(a o b) in all cells, for three bijections to a group; or a homotope."""
    need(isinstance(maps, dict) and isinstance(maps.get("group"), list), "no maps to a group")
    group, n = square(maps["group"], len(maps["group"])), len(table)
    f, g, h = (integers(maps.get(key), len(group), key, n) for key in KEYS_OF_LABELS)
    one_to_one = all(len(set(each)) == n == len(group) for each in (f, g, h))
    need(homotope or one_to_one, "the maps are not one-to-one")
    used = set().union(*table)
    need(len({h[c] for c in used}) == len(used), "the symbols are not kept apart")
    need(is_latin(group) and is_associative(group), "the maps lead to no group")
    return all(group[f[a]][g[b]] == h[c] for a, row in enumerate(table) for b, c in enumerate(row))

def satisfies(table, demand):
    """Whether a full table has a condition, or satisfies a law in all instances."""
    everyone = range(len(table))
    if demand in CONDITIONS[:2]:  # no line holds a symbol twice
        return all(len(set(line)) == len(table)
                   for line in (table if demand == CONDITIONS[0] else zip(*table)))
    if demand in CONDITIONS[2:]:
        units = [e for e in everyone if all(table[e][x] == x == table[x][e] for x in everyone)]
        return bool(units) and (demand == "unit" or all(
            any(table[x][y] == units[0] == table[y][x] for y in everyone) for x in everyone))
    if demand in (ASSOCIATIVE, ASSOCIATIVE[::-1]):
        return is_associative(table)
    variables, products, (left, right) = compiled(demand)
    need(len(table) ** variables <= MOST_WORK, f"{spelled(demand)} has too many instances")
    made = (evaluated(table, products, x) for x in itertools.product(everyone, repeat=variables))
    return all(values[left] == values[right] for values in made)

class Theory:
    """What is claimed of an operation: a group, an isotope or homotope, or laws and conditions."""
    def __init__(self, given):
        self.name, self.is_homotope = given["name"][:200], given["name"] == HOMOTOPE
        self.is_isotope = self.is_homotope or self.name == ISOTOPE  # with three alphabets
        self.is_plain = self.is_isotope or self.name == "group"
        need(given.keys() == ({"name"} if self.is_plain else {"name", "laws", "conditions"}),
             "a theory is a group, an isotope or homotope of one, or stated by laws and conditions")
        # A finite associative operation with cancellation is a group.
        self.laws = [ASSOCIATIVE] if self.is_plain else given["laws"]
        self.conditions = CONDITIONS if self.is_plain else given["conditions"]
        need(all(each in CONDITIONS for each in self.conditions), "an unknown condition")
        self.compiled = [*map(compiled, self.laws)]
        self.left, self.right, unit, self.inverses = (x in self.conditions for x in CONDITIONS)
        self.unit = unit or self.inverses
        associative = ASSOCIATIVE in self.laws or ASSOCIATIVE[::-1] in self.laws
        self.is_group = associative and self.left and self.right and self.unit
    def __str__(self):
        stated = "; ".join([*map(spelled, self.laws), *self.conditions])
        return self.name if self.is_plain else f"{self.name} [{stated}]"
    def has(self, table, maps):
        """Whether a full table is of the theory; an isotope comes with its maps to a group."""
        if self.is_isotope:
            return is_isotope(table, maps, homotope=self.is_homotope)
        return all(satisfies(table, demand) for demand in [*self.conditions, *self.laws])

# ---- proofs ------------------------------------------------------------------------------------
class Proof:
    """The facts that the lines of a proof add, each true in every table of the theory."""
    def __init__(self, theory, n, cells, gauge):
        self.theory, self.n = theory, n
        # Whether two products that agree in the other two places agree in this one.
        self.cancel = {0: theory.right, 1: theory.left, 2: True}
        self.starts = [1, 1 + n, 1 + 2 * n] if theory.is_isotope else [1, 1, 1]
        self.num_labels = self.starts[2] + n - 1
        self.names = 1 + self.num_labels
        r, c, s = self.starts
        self.facts = [(r + a, c + b, s + v) for a, b, v in cells]
        if theory.is_isotope:
            a, b = integers(gauge, n, "the gauge", 2)
            self.facts += [(r + a, EQ, 0), (c + b, EQ, 0)]
        self.refuted = False  # whether the facts contradict each other, in the case at hand
        self.scopes = []  # what is open of cases, the innermost last
        self.frame, self.columns, self.symbols = {}, {}, {}
    def run(self, lines):
        """Read all lines."""
        for number, (rule, *rest) in enumerate(lines):
            try:
                need(not self.refuted or rule in ("case", "end"), "it comes after the end")
                RULES[rule](self, *rest)
            except (Refused, TypeError, KeyError) as error:
                raise Refused(f"line {number}, {rule!s:.20}: {error}") from None
        need(not self.scopes, "cases are left open")
        return self
    def fact(self, i, *, product=False):
        """Return a fact by its number; if it must be a product, no equality."""
        need(type(i) is int and 0 <= i < len(self.facts), "no such fact")
        need(not product or self.facts[i][1] != EQ, "an equality where a product is needed")
        return self.facts[i]
    def name(self, x):
        """Return a name that exists."""
        need(type(x) is int and (not self.theory.unit) <= x < self.names, "no such name")
        return x
    def labels(self, kind):
        """Return the names of the rows (0), the columns (1) or the symbols (2)."""
        need(kind in (0, 1, 2), "no such kind")
        return range(self.starts[kind], self.starts[kind] + self.n)
    def all_of(self, kind, p=None, q=None):
        """Return these names if one of them names any element; or p*q of a row and a column."""
        given = kind == 2 and p in self.labels(0) and q in self.labels(1)
        need(not self.theory.is_homotope or given, "there may be other elements")
        return self.labels(kind)
    def apart(self, x, y):
        """Whether two names are different labels of one kind, and so different elements."""
        first = self.starts[2] if self.theory.is_homotope else 1  # the rows of one may be equal
        known = min(x, y) >= first and max(x, y) <= self.num_labels
        return known and x != y and (x - 1) // self.n == (y - 1) // self.n
    def define(self, *facts):
        """Add facts about one new name, which stands as None in them."""
        self.facts += [tuple(self.names if x is None else self.name(x) for x in f) for f in facts]
        self.names += 1
    # Definitions. Translations of a finite set that are one-to-one are onto.
    def rule_define(self, p, q, r, place):
        """Name the factor or the product at a place of p*q = r."""
        need(self.cancel.get(place), "needs cancellation")
        self.define(tuple(None if at == place else x for at, x in enumerate((p, q, r))))
    def rule_inverse(self, x):
        """Name the inverse of x."""
        need(self.theory.inverses, "the theory has no inverses")
        self.define((x, None, 0), (None, x, 0))
    def rule_unit(self, x):
        """1*x = x and x*1 = x."""
        need(self.theory.unit, "the theory has no unit")
        self.facts += [(0, self.name(x), x), (x, 0, x)]
    # What follows from facts.
    def rule_same(self, i, j, place):
        """Two products that agree in two places agree in the third."""
        one, other = self.fact(i, product=True), self.fact(j, product=True)
        need(self.cancel.get(place), "needs cancellation")
        need(all(one[k] == other[k] for k in range(3) if k != place), "they do not agree")
        self.facts.append((one[place], EQ, other[place]))
    def rule_replace(self, i, place, j):
        """Put equals for equals in one place of a fact."""
        fact, (x, q, y) = [*self.fact(i)], self.fact(j)
        need(q == EQ and place in (0, 1, 2) and fact[place] in (x, y), "not an equality for it")
        fact[place] = y if fact[place] == x else x
        self.facts.append(tuple(fact))
    def rule_law(self, k, instance, used):
        """An instance of a law; one product, the outermost of a side, may be unknown: -1."""
        need(type(k) is int and 0 <= k < len(self.theory.compiled), "no such law")
        variables, products, (left, right) = self.theory.compiled[k]
        need(len(instance) == variables and len(used) == len(products), "not an instance")
        values, missing = [*map(self.name, instance), *[None] * len(products)], None
        for number, ((p, q), i) in enumerate(zip(products, used), 1):
            factors = values[p], values[q]
            need(None not in factors, "a product of something unknown")
            if i == -1:
                need(missing is None, "two products are unknown")
                missing = factors
            else:
                need(self.fact(i, product=True)[:2] == factors, "a fact about another product")
                values[-number] = self.facts[i][2]
        known = [x for x in (values[left], values[right]) if x is not None]
        need(len(known) == (2 if missing is None else 1), "the unknown product is not outermost")
        self.facts.append((known[0], EQ, known[1]) if missing is None else (*missing, known[0]))
    def rule_associate(self, which, *used):
        """Of v a = w, a b = c, w b = u, v c = u (0 to 3) three give the fourth: (va)b = v(ab)."""
        need(self.theory.is_group, "the theory is no group")
        need(type(which) is int and 0 <= which < 4 and len(used) == 3, "not three of four")
        given = [self.fact(i, product=True) for i in used]
        given.insert(which, (None, None, None))
        (v, a, w), (a_, b, c), (w_, b_, u), (v_, c_, u_) = given
        pairs = (v, v_), (a, a_), (w, w_), (b, b_), (c, c_), (u, u_)
        need(all(x is None or y is None or x == y for x, y in pairs), "they do not fit together")
        v, a, w, b, c, u = (y if x is None else x for x, y in pairs)
        self.facts.append(((v, a, w), (a, b, c), (w, b, u), (v, c, u))[which])
    def rule_only(self, p, q, r, place, kind, kept, used):
        """One place of p*q = r is the label kept (-1: none, which refutes): every other is excluded
        by a fact that agrees in two places and differs in the third."""
        need(self.cancel.get(place), "needs cancellation")  # then such an element exists
        triple = [x if at == place else self.name(x) for at, x in enumerate((p, q, r))]
        rest = [x for x in self.all_of(kind, *triple[:place][:2]) if x != kept]  # place 2: p and q
        need(kept in (-1, *self.labels(kind)) and len(used) == len(rest), "not one for each label")
        for triple[place], i in zip(rest, used):
            fact = self.fact(i, product=True)
            differ = [at for at in range(3) if fact[at] != triple[at]]
            need(len(differ) == 1 and self.cancel[differ[0]], "a fact that says nothing of it")
            need(self.apart(fact[differ[0]], triple[differ[0]]), "a label is not excluded")
        triple[place], self.refuted = kept, kept == -1
        self.facts += [] if self.refuted else [tuple(triple)]
    def rule_clash(self, i):
        """Two different labels are equal: there is no such table (in this case)."""
        x, q, y = self.fact(i)
        need(q == EQ and self.apart(x, y), "not two different labels")
        self.refuted = True
    # Cases: p*q (or p itself, q = EQ) is one of the labels of a kind. If all cases but one are
    # refuted, that one holds; if all are, so is what was assumed outside.
    def rule_cases(self, p, q, kind):
        """Open cases."""
        need(len(self.scopes) < MOST_CASES, "too many cases inside cases")
        p, q = self.name(p), q if q == EQ else self.name(q)
        labels = self.all_of(kind, p, q)
        self.scopes.append([p, q, labels, set(), None, len(self.facts), self.names])
    def rule_case(self, label):
        """Close the case before and suppose the next."""
        p, q, labels, tried, *_ = scope = self.leave()
        need(label in labels and label not in tried, "not another label")
        scope[4] = label
        self.facts.append((p, q, label))
    def rule_end(self):
        """Close the last case and draw the conclusion."""
        p, q, labels, tried, *_ = self.leave()
        self.scopes.pop()
        left = [label for label in labels if label not in tried]
        need(len(left) <= 1, "several cases are left")
        self.refuted = not left
        self.facts += [(p, q, label) for label in left]
    def leave(self):
        """Close a case, which must be refuted; forget its facts and names; return the scope."""
        need(self.scopes, "no cases are open")
        _, _, _, tried, case, num_facts, num_names = scope = self.scopes[-1]
        if case is not None:
            need(self.refuted, "a case is not refuted")
            tried.add(case)
            del self.facts[num_facts:]
            scope[4], self.names, self.refuted = None, num_names, False
        return scope
    # Whole columns of a group, so that n*n cells take few lines. The frame x_0, x_1, ... is all of
    # G; the column of q is the permutation of the frame by which q multiplies from the right.
    def rule_frame(self, names, used):
        """x_a is the row a: its own name, or another by an equality."""
        need(self.theory.is_group and not self.scopes and not self.frame, "no group, or in a case")
        need(len(integers(names, self.names, "the frame", self.n)) == len(used), "no frame")
        for row, x, i in zip(self.all_of(0), names, used):
            need(x == row or self.fact(i) in ((row, EQ, x), (x, EQ, row)), "not the row")
        self.frame = {x: a for a, x in enumerate(names)}
        self.columns[0] = list(range(self.n))
    def rule_column(self, q, used):
        """The products of all x_a with q."""
        facts = [self.fact(i, product=True) for i in used]
        inside = all(p in self.frame and y == q and r in self.frame for p, y, r in facts)
        need(inside and not self.scopes, "not in the frame, or inside a case")
        found = {self.frame[p]: self.frame[r] for p, _, r in facts}
        need(len(found) == self.n == len({*found.values()}), "not a permutation")
        self.columns[q] = [found[a] for a in range(self.n)]
    def rule_compose(self, i):
        """The column of p*q from those of p and q, x_a (p q) = (x_a p) q; or of what is equal."""
        need(not self.scopes, "inside a case")
        p, q, r = self.fact(i)
        if q == EQ:
            p, r = (p, r) if p in self.columns else (r, p)
            q = 0
        self.columns[r] = [self.columns[q][a] for a in self.columns[p]]
    def rule_symbols(self, used):
        """Every symbol is an element of the frame: itself (-1), or by an equality."""
        need(len(used) == self.n and not self.scopes, "not one for each, or inside a case")
        for v, (symbol, i) in enumerate(zip(self.labels(2), used)):
            x, q, y = (symbol, EQ, symbol) if i == -1 else self.fact(i)
            need(q == EQ and symbol in (x, y), "no equality for the symbol")
            self.symbols[self.frame[y if x == symbol else x]] = v
    def known(self):
        """Return the cells (a, b): c that every table has."""
        need(not self.refuted, "no table has the cells")
        r, c, s = self.starts
        found = {(p - r, q - c): v - s for p, q, v in self.facts
                 if p in self.labels(0) and q in self.labels(1) and v in self.labels(2)}
        for b, q in enumerate(self.labels(1)):
            found |= {(a, b): self.symbols[image] for a, image in enumerate(self.columns.get(q, ()))
                      if image in self.symbols}
        return found

RULES = {key[5:]: rule for key, rule in vars(Proof).items() if key.startswith("rule_")}
# ---- claims ------------------------------------------------------------------------------------
def meeting(sets, most):
    """Return choices of at most so many cells: any that meets all the sets contains one of them."""
    found, waiting, left = [], [(frozenset(), sets)], MOST_CHOICES
    while waiting:
        (chosen, missed), left = waiting.pop(), left - 1
        need(left, "too many choices of wrong cells")
        apart = [frozenset()]  # sets without a common cell: each takes one more cell
        for each in sorted(missed, key=len):
            apart += [] if any(each & other for other in apart) else [each]
        if not missed:
            found.append(chosen)
        elif len(chosen) + len(apart) - 1 <= most:
            tally = collections.Counter(cell for each in missed for cell in each)
            for cell in sorted(min(missed, key=len), key=tally.get, reverse=True):
                waiting.append((chosen | {cell}, [each for each in missed if cell not in each]))
                missed = [each - {cell} for each in missed]  # from here on without this cell
    return found

# A sum of powers of a root of unity, z**e = 1, as the list of its e whole coefficients.
def powers(terms, e):
    """Return a sum that is given as pairs of a power and its coefficient."""
    found = [0] * e
    for power, coefficient in terms:
        need(type(power) is int and type(coefficient) is int, "no sum of roots of unity")
        found[power % e] += coefficient
    return found

def times(x, y):
    """Return the product of two sums."""
    found = [0] * len(x)
    terms = [[(i, a) for i, a in enumerate(each) if a] for each in (x, y)]
    for (i, a), (j, b) in itertools.product(*terms):
        found[(i + j) % len(x)] += a * b
    return found

def vanishes(x):
    """Whether a sum is 0: each factor z**(e/p) - 1 is not, and kills all but the primitive z."""
    e = len(x)
    for p in range(2, e + 1):
        if e % p == 0 and all(p % q for q in range(2, p)):
            x = [x[i - e // p] - x[i] for i in range(e)]
    return not any(x)

class Certificate:
    """The given cells, a completed table perhaps, and claims: one method each."""
    def __init__(self, document):
        need(document["schema"] == SCHEMA, f"the schema is not {SCHEMA}")
        need(document.keys() <= KEYS, "it holds more than is understood")
        rows, columns, symbols = self.labels = [document[key] for key in KEYS_OF_LABELS]
        for each in self.labels:
            need(isinstance(each, list) and all(isinstance(x, str) for x in each), "no labels")
            need(len(set(each)) == len(each) == len(rows), "a label twice, or no square table")
        need(0 < len(rows) <= MOST_ORDER, "too many labels")
        self.n = len(rows)
        self.cells = [tuple(integers(cell, self.n, "a cell", 3)) for cell in document["cells"]]
        self.named = sorted([rows[a], columns[b], symbols[c]] for a, b, c in self.cells)
        # The order of labels and of cells makes no difference.
        text = json.dumps([*map(sorted, self.labels), self.named])
        need(document["sha256"] == hashlib.sha256(text.encode()).hexdigest(), "other cells")
        self.table, self.claims = document.get("table"), document["claims"]
        need(isinstance(self.claims, list) and self.claims, "it claims nothing")
    def checked(self, claim):
        """Return a claim as a sentence, if it is proved."""
        need(claim.keys() <= KEYS_OF_CLAIMS, "a claim holds more than is understood")
        try:
            return CLAIMS[claim["claim"]](self, claim)
        except (Refused, TypeError) as error:
            raise Refused(f"{claim['claim']}: {error}") from None
    def read(self, claim):
        """Return the theory of a claim, the given cells but those set aside, and its proof."""
        theory, (rows, columns, symbols) = Theory(claim["theory"]), self.labels
        need(theory.is_isotope or rows == columns == symbols, "it has several alphabets")
        without = set(integers(claim.get("without", []), len(self.cells), "without"))
        cells = [cell for i, cell in enumerate(self.cells) if i not in without]
        proof = Proof(theory, self.n, cells, claim.get("gauge", [0, 0]))
        self.aside = f" (without {len(without)} others)" * bool(without)
        return theory, cells, proof.run(claim.get("proof", []))
    def model(self, table, theory, cells, maps=None):
        """Demand that a full table has the cells and is of the theory."""
        table = square(table, self.n)
        need(all(table[a][b] == c for a, b, c in cells), "a table lacks a given cell")
        need(theory.has(table, maps), f"a table is no {theory}")
        return table
    def forced(self, claim):
        """Every table of the theory with the given cells has some more, or is the completed one."""
        theory, cells, proof = self.read(claim)
        wanted, known = claim["cells"], proof.known()
        if wanted == "all":  # then the table that they force exists as well
            table = self.model(self.table, theory, cells, claim.get("maps"))
            wanted = [[a, b, c] for a, row in enumerate(table) for b, c in enumerate(row)]
        for a, b, c in (integers(cell, self.n, "a cell", 3) for cell in wanted):
            need(known.get((a, b)) == c, f"row {a}, column {b} does not follow")
        given = f"the {len(cells)} given cells{self.aside}"
        more = "the whole completed table" if claim["cells"] == "all" else f"{len(wanted)} more"
        return f"{given} force {more} if the table is of this kind: {theory}"
    def inconsistent(self, claim):
        """No table of the theory has the cells."""
        theory, _, proof = self.read(claim)
        need(proof.refuted, "the proof ends in no contradiction")
        return f"no table with the given cells{self.aside} is of this kind: {theory}"
    def not_unique(self, claim):
        """Two tables of the theory have the cells."""
        theory, cells, _ = self.read(claim)
        maps = claim.get("maps", [None, None])
        tables = [self.model(t, theory, cells, m) for t, m in zip(claim["tables"], maps)]
        need(len(tables) == 2 and tables[0] != tables[1], "not two different tables")
        return f"two different tables with the given cells{self.aside} are of this kind: {theory}"
    def possible(self, claim):
        """What a cell can be: a table for each value, and a proof against each other one."""
        theory, cells, _ = self.read(claim)
        a, b = integers(claim["cell"], self.n, "the cell", 2)
        shown = {self.model(each, theory, cells)[a][b] for each in claim["tables"]}
        refuted = {*integers([v for v, _ in claim["refuted"]], self.n, "a value")}
        for v, lines in claim["refuted"]:
            need(Proof(theory, self.n, [*cells, (a, b, v)], [0, 0]).run(lines).refuted, "possible")
        need(len(shown | refuted) == self.n, "a value is neither shown nor refuted")
        values = ", ".join(sorted(self.labels[2][v] for v in shown))
        cell = f"{self.labels[0][a]} o {self.labels[1][b]}"
        return f"{cell} can only be {values}{self.aside} if the table is of this kind: {theory}"
    def wrong(self, claim):
        """So many given cells are wrong at least; or if no more are, then just these."""
        theory, size = Theory(claim["theory"]), len(self.cells)
        aside, sets = frozenset(integers(claim["without"], size, "cells")), []
        need(theory.is_isotope or self.labels[0] == self.labels[1] == self.labels[2], "alphabets")
        for places, lines, gauge in claim["refuted"]:
            cells = [self.cells[i] for i in integers(places, size, "cells")]
            proof = Proof(theory, self.n, cells, gauge)
            need(proof.run(lines).refuted, "these cells are not refuted")
            sets.append(frozenset(places))
        need(not meeting(sets, len(aside) - 1), "fewer cells may be wrong")
        text = f"at least {len(aside)} given cells are wrong if the table is of this kind: {theory}"
        if claim["only"]:
            need(set(meeting(sets, len(aside))) == {aside}, "others may be wrong")
            named = [[labels[x] for labels, x in zip(self.labels, self.cells[i])] for i in aside]
            text += f"; and if no more are, these: {sorted(named)}"
        return text
    def promise(self, claim):
        """What follows from each answer for a cell: that it is impossible, or more cells."""
        theory, cells, _ = self.read(claim)
        a, b = integers(claim["cell"], self.n, "the cell", 2)
        answers = [value for value, _, _ in claim["answers"]]
        need(sorted(integers(answers, self.n, "a value")) == [*range(self.n)], "not each answer")
        settled = []
        for value, wanted, lines in claim["answers"]:
            proof = Proof(theory, self.n, [*cells, (a, b, value)], claim.get("gauge", [0, 0]))
            if proof.run(lines).refuted:
                continue
            known = proof.known()
            need(all(known.get((x, y)) == z for x, y, z in wanted), "a cell does not follow")
            more = {(x, y) for x, y, _ in wanted} - {(a, b), *(cell[:2] for cell in cells)}
            settled.append(len(more))
        counts = f"{min(settled, default=0)} to {max(settled, default=0)} more cells"
        return (f"{self.labels[0][a]} o {self.labels[1][b]} has at most {len(settled)} possible "
                f"answers{self.aside}, which settle {counts} at least, if of this kind: {theory}")
    def polynomial(self, claim):
        """All polynomials with some monomials through the given cells have these values."""
        p, (rows, columns, symbols) = claim["modulus"], [[*map(int, x)] for x in self.labels]
        need(type(p) is int and 1 < p < MOST_ORDER and all(p % q for q in range(2, p)), "no prime")
        classes, basis = claim["monomials"], {}
        need(all(0 <= x < p for each in (rows, columns, symbols) for x in each), "no residues")
        def reduced(a, b, value):
            """Return the equation of a cell, less those before: the coefficients and the value."""
            terms = classes[columns[b] % len(classes)]
            equation = [pow(rows[a], i, p) * pow(columns[b], j, p) % p for i, j in terms] + [value]
            for at, row in basis.setdefault(columns[b] % len(classes), {}).items():
                if equation[at]:
                    equation = [(x - equation[at] * y) % p for x, y in zip(equation, row)]
            return equation
        for a, b, c in self.cells:
            equation = reduced(a, b, symbols[c])
            at = next((i for i, x in enumerate(equation) if x), len(equation))
            need(at < len(equation) - 1 or not any(equation), "no polynomial has the cells")
            if any(equation):
                unit = pow(equation[at], -1, p)
                basis[columns[b] % len(classes)][at] = [x * unit % p for x in equation]
        table = square(self.table, self.n)
        need(not any(any(reduced(a, b, symbols[c])) for a, row in enumerate(table)
                     for b, c in enumerate(row)), "a cell does not follow")
        need(all(table[a][b] == c for a, b, c in self.cells), "a table lacks a given cell")
        shown = " | ".join(", ".join(f"a^{i} b^{j}" for i, j in each) for each in classes[:3])
        return (f"the {len(self.cells)} given cells force the whole completed table if it is a "
                f"polynomial modulo {p} of {shown}" + " | ..." * (len(classes) > 3))
    def its_group(self, claim):
        """Return the table of a group, or of the group that it is an isotope of."""
        if "maps" in claim:
            need(is_isotope(square(self.table, self.n), claim["maps"]), "no isotopism to a group")
            return claim["maps"]["group"], "is isotopic to a group that"
        self.group(claim)
        return self.table, "is a group that"
    def named(self, claim):
        """The group is isomorphic to one of permutations: generators go to its generators."""
        (table, of), generators = self.its_group(claim), claim["generators"]
        images, n, name = claim["permutations"], self.n, claim["name"]
        degree = max(1, *map(len, images)) if images else 1
        need(all(sorted(integers(p, degree, "p", degree)) == [*range(degree)] for p in images),
             "no permutations")
        need(len(integers(generators, n, "generators")) == len(images), "not one for each")
        unit = next(x for x in range(n) if table[x][x] == x)
        image, waiting = {unit: tuple(range(degree))}, [unit]
        while waiting:  # a product of generators goes to the product: first x, then g
            x = waiting.pop()
            for g, p in zip(generators, images):
                product = tuple(p[point] for point in image[x])
                waiting += [] if table[x][g] in image else [table[x][g]]
                need(image.setdefault(table[x][g], product) == product, "no homomorphism")
        need(len({*image.values()}) == n, "not one-to-one")
        for word in claim["relators"]:
            x = unit
            for letter in word:  # a letter below 0 is the inverse of a generator
                g = generators[abs(letter) - 1]
                x = table[x][g] if letter > 0 else next(y for y in range(n) if table[y][g] == x)
            need(word and x == unit and 0 not in word, "a relation does not hold")
        # Those of degree k that have k! elements are all; half as many are the even ones. Two that
        # generate a dihedral group: r, and s with s s = (r s) (r s) = 1.
        whole, square_of = math.factorial(min(degree, 9)), {x: table[x][x] for x in range(n)}
        turned = any(square_of[s] == square_of[table[r][s]] == unit and len(generators) == 2
                     for r, s in itertools.permutations(generators, 2))
        sure = {f"S{degree}": n == whole, f"A{degree}": 2 * n == whole, f"C{n}": len(images) == 1,
                f"D{n}": turned}.get(name)
        name = name[:99] + ("" if sure else ", a name that is not checked")
        return (f"the completed table {of} is isomorphic to the permutations of {degree} points "
                f"that the {len(images)} stated ones generate: {name}")
    def characters(self, claim):
        """The irreducible characters: homomorphisms of the class algebra, up to a factor."""
        (table, of), n, e = self.its_group(claim), self.n, claim["root"]
        classes, k = claim["classes"], len(claim["classes"])
        need(type(e) is int and 0 < e <= MOST_ORDER and k**3 * e <= MOST_WORK, "too many")
        where = {x: i for i, each in enumerate(classes) for x in integers(each, n, "a class")}
        need(len(where) == n == sum(map(len, classes)), "the classes do not part the group")
        # They are unions of classes, and as many as there are: pairs that commute, over n.
        pairs = [(table[a][b], table[b][a]) for a in range(n) for b in range(n)]
        need(all(where[x] == where[y] for x, y in pairs), "elements of a class are apart")
        need(sum(x == y for x, y in pairs) == k * n, "not one class each")
        rows = [[powers(value, e) for value in row] for row in claim["values"]]
        need(len(rows) == k and all(len(row) == k for row in rows), "not one for each class")
        one = where[next(x for x in range(n) if table[x][x] == x)]
        counts = [[[0] * k for _ in classes] for _ in classes]  # where products g h of i, j lie
        for i, j in itertools.product(range(k), repeat=2):
            for g in classes[i]:
                counts[i][j][where[table[g][classes[j][0]]]] += 1
        for chi in rows:
            degree = chi[one][0]
            need(degree > 0 and not any(chi[one][1:]), "a degree is no positive number")
            for i, j in itertools.combinations_with_replacement(range(k), 2):
                left = [-len(classes[i]) * x for x in times(chi[i], chi[j])]
                for count, value in zip(counts[i][j], chi):
                    if count:
                        left = [x + degree * count * y for x, y in zip(left, value)]
                need(vanishes(left), "a row is no multiple of a character")
        for r, s in itertools.combinations_with_replacement(range(k), 2):
            total = [0] * e
            total[0] = -n * (r == s)
            for each, x, y in zip(classes, rows[r], rows[s]):
                conjugate = [y[-i % e] for i in range(e)]
                total = [t + len(each) * z for t, z in zip(total, times(x, conjugate))]
            need(vanishes(total), "the rows are not orthonormal")
        tally = sorted(collections.Counter(chi[one][0] for chi in rows).items())
        degrees = ", ".join(f"{degree} ({count} times)" for degree, count in tally)
        return (f"the completed table {of} has the stated irreducible characters, of degrees "
                f"{degrees}: orthonormal sums of roots of unity")
    def group(self, claim):
        """The table is a group: finite, associative, a Latin square."""
        need(self.labels[0] == self.labels[1] == self.labels[2], "it has several alphabets")
        table = square(self.table, self.n)
        need(is_latin(table) and is_associative(table), "not a Latin square, or not associative")
        return "the completed table is a group: a Latin square, associative by Light's test"
    def isotope(self, claim):
        """The table is an isotope of a group, by maps that are checked in all cells; or none."""
        t = square(self.table, self.n)
        if "maps" in claim:
            need(is_isotope(t, claim["maps"]), "these maps are no isotopism to a group")
            return "the completed table is isotopic to a group: f(a) g(b) = h(c) in all cells"
        if is_latin(t):  # two quadrangles of a group agree in four corners if in three
            a, b, c, d = integers(claim["rows"], self.n, "rows", 4)
            e, f, g, h = integers(claim["columns"], self.n, "columns", 4)
            need(t[a][e] == t[c][g] and t[a][f] == t[c][h] and t[b][e] == t[d][g]
                 and t[b][f] != t[d][h], "no quadrangles that differ in one corner")
        return "the completed table is isotopic to no group: the quadrangle criterion fails"
    def law(self, claim):
        """The table satisfies a law in all instances, or violates it in one."""
        table, law, instance = square(self.table, self.n), claim["law"], claim.get("instance")
        (variables, products, (left, right)), text = compiled(law), spelled(law)
        if instance is None:
            need(satisfies(table, law), "it does not hold")
            return f"{text} holds in the completed table"
        made = evaluated(table, products, integers(instance, self.n, "an instance", variables))
        need(made[left] != made[right], "this instance holds")
        return f"{text} fails in the completed table at {[self.labels[0][x] for x in instance]}"

CLAIMS = {
    "forced": Certificate.forced, "inconsistent": Certificate.inconsistent,
    "not unique": Certificate.not_unique, "possible": Certificate.possible,
    "group": Certificate.group, "isotope": Certificate.isotope, "law": Certificate.law,
    "wrong": Certificate.wrong, "next": Certificate.promise, "named": Certificate.named,
    "polynomial": Certificate.polynomial, "characters": Certificate.characters,
}

def cells_of_csv(path):
    """Return the cells by label of a square table with labels; ``?``, ``.``, blanks are unknown."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        (_, *columns), *rows = [[x.strip() for x in row] for row in csv.reader(file) if row]
    return sorted([row, column, symbol] for row, *symbols in rows
                  for column, symbol in zip(columns, symbols) if symbol not in ("", "?", "."))

def check(document, cells=None):
    """Return the claims, about given cells by label, as sentences; raise `Refused` if one fails."""
    try:
        certificate = Certificate(document)
        need(cells in (None, certificate.named), "it is about another table")
        return [certificate.checked(claim) for claim in certificate.claims]
    except (TypeError, ValueError, LookupError, RecursionError, AttributeError) as error:
        raise Refused(f"it is not understood: {error}") from None

def main(arguments):
    """Check a file and print what is proved."""
    try:
        with open(arguments[0], "rb") as file:
            document = json.loads(file.read(MOST_BYTES))
        claims = check(document, *map(cells_of_csv, arguments[1:2]))
    except (OSError, ValueError, RecursionError, IndexError, csv.Error) as error:
        print(f"not read: {error}", __doc__, sep="\n")
        return 2
    except Refused as refused:
        print(f"refused: {refused}")
        return 1
    print(*(f"proved: {claim}" for claim in claims), sep="\n")
    return 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
