// Tables as values: rows, columns and symbols are labels, cells are places of symbols, -1 unknown.
// No function changes a table; each returns another one, so that undo keeps the old ones as they are.

export const UNKNOWN = -1;

/** Return a table with no known cells. */
export function blank(rows, columns = rows, symbols = rows) {
  return make(rows, columns, symbols, rows.map(() => columns.map(() => UNKNOWN)));
}

function make(rows, columns, symbols, cells, repeats = []) {
  return { rows, columns, symbols, cells, repeats };
}

/** Check everything about a document from a link or the server; throw a sentence if it is no table. */
export function tableFrom(document, most = 1000) {
  const bad = () => { throw new Error("it does not hold a table"); };
  if (document === null || typeof document !== "object") bad();
  const labels = (values) => {
    if (!Array.isArray(values) || values.length === 0) bad();
    if (!values.every((value) => typeof value === "string" && value.isWellFormed())) bad();
    if (new Set(values).size < values.length) bad();
    if (values.length > most) throw new Error(`it holds a table above order ${most}`);
    return [...values];
  };
  const rows = labels(document.rows);
  const columns = document.columns ? labels(document.columns) : rows;
  const symbols = document.symbols ? labels(document.symbols) : rows;
  const whole = (value, least, below) => Number.isInteger(value) && value >= least && value < below;
  const { cells, repeats = [] } = document;
  if (!Array.isArray(cells) || cells.length !== rows.length) bad();
  for (const row of cells) {
    if (!Array.isArray(row) || row.length !== columns.length) bad();
    if (!row.every((value) => whole(value, UNKNOWN, symbols.length))) bad();
  }
  if (!Array.isArray(repeats) || repeats.length > rows.length * columns.length) bad();
  for (const each of repeats) {
    if (!Array.isArray(each) || each.length !== 3 || !whole(each[0], 0, rows.length) ||
      !whole(each[1], 0, columns.length) || !whole(each[2], 0, symbols.length)) bad();
    if (cells[each[0]][each[1]] === UNKNOWN) bad();
  }
  return make(rows, columns, symbols, cells.map((row) => [...row]), repeats.map((each) => [...each]));
}

/** Whether rows, columns and results are the same labels. */
export function oneAlphabet(table) {
  const same = (a, b) => a.length === b.length && a.every((label) => b.includes(label));
  return same(table.rows, table.columns) && same(table.rows, table.symbols);
}

export function known(table) {
  return table.cells.reduce((sum, row) => sum + row.filter((value) => value !== UNKNOWN).length, 0);
}

/** Return the table with some cells changed: `changes` is a list of [row, column, symbol or -1]. */
export function withCells(table, changes) {
  const cells = [...table.cells];
  const touched = new Set();
  for (const [a, b, value] of changes) {
    if (!touched.has(a)) {
      cells[a] = [...cells[a]];
      touched.add(a);
    }
    cells[a][b] = value;
  }
  // What was measured again belongs to a cell as it was.
  const changed = new Set(changes.map(([a, b]) => `${a} ${b}`));
  const repeats = table.repeats.filter(([a, b]) => !changed.has(`${a} ${b}`));
  return make(table.rows, table.columns, table.symbols, cells, repeats);
}

/** Return the table with a further symbol; its place is the last. */
export function withSymbol(table, label) {
  return make(table.rows, table.columns, [...table.symbols, label], table.cells, table.repeats);
}

/** Return the table with a further element: a row, a column and a symbol. */
export function withElement(table, label) {
  const add = (labels) => (labels.includes(label) ? labels : [...labels, label]);
  const rows = add(table.rows);
  const columns = add(table.columns);
  const cells = table.cells.map((row) => [...row, ...Array(columns.length - row.length).fill(UNKNOWN)]);
  while (cells.length < rows.length) cells.push(Array(columns.length).fill(UNKNOWN));
  return make(rows, columns, add(table.symbols), cells, table.repeats);
}

/** Return the table without an element: its row and column, and the cells that hold it. */
export function withoutElement(table, label) {
  const keep = (labels) => labels.filter((each) => each !== label);
  const rows = keep(table.rows);
  const columns = keep(table.columns);
  const symbols = keep(table.symbols);
  if (!rows.length || !columns.length || !symbols.length) return table;
  const place = table.symbols.map((each) => symbols.indexOf(each));
  const cells = [];
  table.rows.forEach((row, a) => {
    if (row === label) return;
    cells.push(table.cells[a].filter((_, b) => table.columns[b] !== label).map((v) => (v < 0 ? v : place[v])));
  });
  return make(rows, columns, symbols, cells);
}

/** Return the table with a label renamed wherever it stands. */
export function renamed(table, from, to) {
  const change = (labels) => {
    if (!labels.includes(from)) return labels;
    if (labels.includes(to)) throw new Error(`\`${to}\` is a label already.`);
    return labels.map((label) => (label === from ? to : label));
  };
  return make(change(table.rows), change(table.columns), change(table.symbols), table.cells, table.repeats);
}

/** Return the table with the cells that a thought fills in. */
export function filled(table, thought) {
  const symbols = thought.symbols;
  return make(thought.rows, thought.columns, symbols, thought.cells.map((row) => [...row]));
}

/** Return a block of cells as text for a spreadsheet. */
export function toText(table, block, valueAt) {
  const lines = [];
  for (let a = block.top; a <= block.bottom; a += 1) {
    const line = [];
    for (let b = block.left; b <= block.right; b += 1) line.push(valueAt(a, b));
    lines.push(line.join("\t"));
  }
  return lines.join("\n");
}

/** Return the fields of a text from a spreadsheet: tabs between cells, or blanks if there are none. */
export function fieldsOf(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  return lines.map((line) => line.split("\t").map((field) => field.trim()));
}

const MARKERS = new Set(["", "?", ".", "-", "_", "NA", "N/A", "NaN", "None", "null"]);

/** Whether a text stands for an unknown cell; a label wins over a marker. */
export function isUnknown(text, table) {
  return MARKERS.has(text) && !table.symbols.includes(text);
}

/** Return the symbol that a typed text is most likely meant to be, or null. */
export function nearest(text, symbols) {
  const plain = (label) => label.toLowerCase().normalize("NFKC");
  const same = symbols.filter((label) => plain(label) === plain(text));
  return same.length === 1 ? same[0] : null;
}
