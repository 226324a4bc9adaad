// What the page was told, and the operation as functions. Labels are data: they reach the page as text only.
const $ = id => document.getElementById(id);
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") element.className = value;
    else if (key in element && key !== "list") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
};
const D = JSON.parse($("data").textContent);
// A label without ink would leave a hole in a sentence.
const visible = label => (label.trim() ? label : label ? `(${label.length} blank${label.length > 1 ? "s" : ""})` : "(empty)");
for (const key of ["rows", "columns", "symbols"]) D[key] = D[key].map(visible);
const [R, C, N] = [D.rows.length, D.columns.length, D.symbols.length];
const bytes = text => Uint8Array.from(atob(text), character => character.charCodeAt(0));
const cells = new Uint16Array(bytes(D.cells).buffer);
const valueAt = (a, b) => cells[a * C + b] - 1; // -1: unknown
const kindAt = (a, b) => Number(D.provenance[a * C + b]); // observed 0, forced 1, predicted 2, suspect 3, unknown 4
const [OBSERVED, FORCED, SUSPECT, UNKNOWN] = [0, 1, 3, 4];
const differently = new Map(D.given.map(([a, b, c]) => [a * C + b, c]));
const givenAt = (a, b) => differently.get(a * C + b) ?? (kindAt(a, b) === OBSERVED ? valueAt(a, b) : -1);
const margins = new Map(D.margins.map(([a, b, text]) => [a * C + b, text]));
const possible = new Map(D.possible.map(([a, b, values]) => [a * C + b, values]));

// Elements are symbols; a row and a column stand for one each, where that means something.
const rowOf = [], columnOf = [];
if (D.rowElement) {
  D.rowElement.forEach((z, a) => { rowOf[z] = a; });
  D.columnElement.forEach((z, b) => { columnOf[z] = b; });
}
const times = (x, y) => (rowOf[x] === undefined || columnOf[y] === undefined ? -1 : valueAt(rowOf[x], columnOf[y]));
const everyone = Array.from({ length: N }, (_, i) => i);
const identity = D.rowElement ? everyone.findIndex(e => everyone.every(x => times(e, x) === x && times(x, e) === x)) : -1;
const inverse = x => everyone.find(y => times(x, y) === identity);
const orderOf = x => {
  let k = 1;
  for (let y = x; y !== identity && k <= N; y = times(y, x)) k += 1;
  return k;
};
const nameOf = z => (z < 0 ? "?" : D.symbols[z]);
const cosets = (subgroup, side) => {
  const found = [], seen = new Set();
  for (const x of [identity, ...D.symbolOrder]) {
    if (seen.has(x)) continue;
    const block = subgroup.map(h => (side === "left" ? times(x, h) : times(h, x)));
    block.forEach(y => seen.add(y));
    found.push(block);
  }
  return found;
};

