// The grid in which a table is seen and changed: arrow keys, typing, blocks, the clipboard.

import { byId, cut, fill, h, problem, say, shown } from "./dom.js";
import { setTable, state } from "./store.js";
import { fieldsOf, isUnknown, nearest, oneAlphabet, toText, UNKNOWN, withCells, withElement, withSymbol } from "./table.js";

const KINDS = ["given", "forced", "predicted", "suspect", "unknown"];
const WORDS = { forced: "forced", predicted: "supposed or learned", suspect: "suspected to be wrong", unknown: "unknown" };

const place = byId("grid");
let body = null; // the cells: a list of rows of elements
let drawn = null; // the table whose labels are drawn
let focus = [0, 0];
let anchor = [0, 0];
let editor = null;
let listener = () => {};
const marks = { conflict: new Set(), premise: new Set(), next: new Set() };
const key = (a, b) => `${a} ${b}`;

/** Call a function with the cell that is pointed at or focused, and whether it is focused. */
export function onLook(act) {
  listener = act;
}

export const chosen = () => [...focus];

/** What a cell shows: its kind, its value as a place of a symbol, and what else it can be. */
export function lookAt(a, b) {
  const given = state.table.cells[a]?.[b] ?? UNKNOWN;
  const thought = state.thought;
  const fits = thought?.cells && thought.cells.length === state.table.rows.length && thought.cells[0].length === state.table.columns.length;
  if (given !== UNKNOWN) {
    const suspect = fits ? thought.suspects.find((each) => each.cell[0] === a && each.cell[1] === b && each.given === given) : null;
    return { kind: suspect ? "suspect" : "given", value: given, label: state.table.symbols[given], suspect };
  }
  if (fits) {
    const value = thought.cells[a][b];
    const kind = KINDS[thought.kinds[a][b]];
    if (value !== UNKNOWN && (kind === "forced" || kind === "predicted")) return { kind, value, label: thought.symbols[value] };
    const open = thought.possible.find((each) => each[0] === a && each[1] === b);
    if (open) return { kind: "unknown", value: UNKNOWN, label: "", possible: open[2].map((each) => thought.symbols[each]) };
  }
  return { kind: "unknown", value: UNKNOWN, label: "" };
}

/** Draw the table: anew if its labels have changed, else only its cells. */
export function draw() {
  const table = state.table;
  const same = drawn && ["rows", "columns", "symbols"].every((name) => drawn[name].length === table[name].length && drawn[name].every((label, i) => label === table[name][i]));
  if (!same || !body) build(table);
  drawn = table;
  body.forEach((row, a) => row.forEach((cell, b) => paint(cell, a, b)));
}

/** How large cells are: the largest at which a table of this order has room on a page. */
function sizeOf(n) {
  if (n <= 6) return 56;
  if (n <= 9) return 48;
  if (n <= 13) return 40;
  if (n <= 18) return 34;
  return 29;
}

function build(table) {
  endEdit(false);
  focus = [Math.min(focus[0], table.rows.length - 1), Math.min(focus[1], table.columns.length - 1)];
  anchor = [...focus];
  const head = h("tr", {}, h("th", { scope: "col", class: "corner", title: "row ∘ column" }, "∘"),
    table.columns.map((label) => h("th", { scope: "col", title: shown(label), class: "across" }, h("span", {}, cut(label, 24) || "\u00a0"))));
  body = [];
  const rows = table.rows.map((label, a) => {
    const cells = table.columns.map((_, b) => h("td", { role: "gridcell", tabindex: a === focus[0] && b === focus[1] ? "0" : "-1", "data-row": a, "data-column": b },
      h("span", {})));
    body.push(cells);
    return h("tr", {}, h("th", { scope: "row", title: shown(label) }, h("span", {}, cut(label, 24) || "\u00a0")), cells);
  });
  const grid = h("table", { class: "grid", role: "grid", "aria-label": "The table, editable", "aria-multiselectable": "true" }, h("thead", {}, head), h("tbody", {}, rows));
  const n = Math.max(table.rows.length, table.columns.length);
  // On a phone cells shrink until the table fits, as far as a finger can still hit them.
  const room = Math.floor(place.clientWidth / (table.columns.length + 1)) - 3;
  grid.style.setProperty("--cell", `${Math.min(sizeOf(n), Math.max(room, 29))}px`);
  grid.style.setProperty("--letters", Math.min(8, Math.max(1, ...table.symbols.map((label) => [...label].length))));
  grid.addEventListener("keydown", onKey);
  grid.addEventListener("pointerdown", onDown);
  grid.addEventListener("pointerover", onOver);
  grid.addEventListener("pointerleave", () => listener(focus[0], focus[1], true));
  grid.addEventListener("dblclick", (event) => { if (cellOf(event.target)) edit(); });
  grid.addEventListener("focusin", onFocus);
  fill(place, h("div", { class: "scroll" }, grid));
  drawKeys();
}

function paint(cell, a, b) {
  const look = lookAt(a, b);
  const text = look.label;
  const classes = [look.kind];
  for (const name of Object.keys(marks)) if (marks[name].has(key(a, b))) classes.push(name);
  if (isChosen(a, b)) classes.push("chosen");
  cell.className = classes.join(" ");
  if (!cell.contains(editor)) {
    const label = look.kind === "unknown" ? "" : cut(text, 24) || "\u00a0";
    if (cell.firstChild.textContent !== label) cell.firstChild.textContent = label;
  }
  const word = WORDS[look.kind];
  const value = look.kind === "unknown" ? "" : shown(text);
  if (word) cell.setAttribute("aria-label", [value, word].filter(Boolean).join(", "));
  else cell.removeAttribute("aria-label");
  cell.setAttribute("aria-selected", String(isChosen(a, b)));
  if (look.value === UNKNOWN) cell.style.removeProperty("--hue");
  else cell.style.setProperty("--hue", hueOf(look.value, (state.thought?.symbols ?? state.table.symbols).length));
  cell.dataset.value = look.value;
}

/** The hue of a symbol: neighbors far apart, so that equal cells are seen at once. */
export function hueOf(value, count) {
  if (count <= 12) return Math.round((value * 360) / count + 20) % 360;
  return Math.round(value * 137.508 + 20) % 360; // the golden angle leaves no two close for long
}

/** Mark cells: `conflict`, `premise` or `next`. */
export function mark(name, cells) {
  marks[name] = new Set(cells.map(([a, b]) => key(a, b)));
  if (body) body.forEach((row, a) => row.forEach((cell, b) => cell.classList.toggle(name, marks[name].has(key(a, b)))));
}

function block() {
  return {
    top: Math.min(anchor[0], focus[0]), bottom: Math.max(anchor[0], focus[0]),
    left: Math.min(anchor[1], focus[1]), right: Math.max(anchor[1], focus[1]),
  };
}

function isChosen(a, b) {
  const { top, bottom, left, right } = block();
  return (top !== bottom || left !== right) && a >= top && a <= bottom && b >= left && b <= right;
}

function cellOf(target) {
  const cell = target.closest?.("td[data-row]");
  return cell ? [Number(cell.dataset.row), Number(cell.dataset.column)] : null;
}

/** Go to a cell. */
export function goTo(a, b, { extend = false, look = true } = {}) {
  const { rows, columns } = state.table;
  const old = body[focus[0]]?.[focus[1]];
  if (old) old.tabIndex = -1;
  focus = [Math.min(Math.max(a, 0), rows.length - 1), Math.min(Math.max(b, 0), columns.length - 1)];
  const had = !same(anchor, focus);
  if (!extend) anchor = [...focus];
  const cell = body[focus[0]][focus[1]];
  cell.tabIndex = 0;
  cell.focus({ preventScroll: false });
  if (had || extend) body.forEach((row, i) => row.forEach((each, j) => { each.classList.toggle("chosen", isChosen(i, j)); each.setAttribute("aria-selected", String(isChosen(i, j))); }));
  if (look) listener(focus[0], focus[1], true);
  showKeys();
}

const same = (p, q) => p[0] === q[0] && p[1] === q[1];

function onFocus(event) {
  const cell = cellOf(event.target);
  if (cell && !same(cell, focus)) goTo(...cell);
  else if (cell) listener(...cell, true);
}

function onDown(event) {
  const cell = cellOf(event.target);
  if (!cell || event.target === editor) return;
  endEdit(true);
  if (event.pointerType === "mouse") {
    event.preventDefault();
    goTo(...cell, { extend: event.shiftKey });
  } else goTo(...cell);
}

function onOver(event) {
  const cell = cellOf(event.target);
  if (!cell) return;
  if (event.buttons === 1 && event.pointerType === "mouse" && !editor) goTo(...cell, { extend: true, look: false });
  else listener(...cell, false);
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function onKey(event) {
  if (event.target === editor) return;
  const [a, b] = focus;
  if (MOVES[event.key]) {
    const [down, right] = MOVES[event.key];
    goTo(a + down, b + right, { extend: event.shiftKey });
  } else if (event.key === "Home") goTo(event.ctrlKey ? 0 : a, 0, { extend: event.shiftKey });
  else if (event.key === "End") goTo(event.ctrlKey ? state.table.rows.length - 1 : a, state.table.columns.length - 1, { extend: event.shiftKey });
  else if (event.key === "Enter" || event.key === "F2") edit();
  else if (event.key === "Delete" || event.key === "Backspace") put(UNKNOWN);
  else if (event.key === "Escape") { anchor = [...focus]; draw(); }
  else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
    anchor = [0, 0];
    goTo(state.table.rows.length - 1, state.table.columns.length - 1, { extend: true });
  } else if ([...event.key].length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) edit(event.key);
  else return;
  event.preventDefault();
}

/** Put a symbol, or nothing, into all chosen cells. */
export function put(value) {
  const { top, bottom, left, right } = block();
  const changes = [];
  for (let a = top; a <= bottom; a += 1) for (let b = left; b <= right; b += 1) changes.push([a, b, value]);
  apply(changes);
}

function apply(changes, table = state.table) {
  problem("");
  hideOffer();
  const real = changes.filter(([a, b, value]) => table.cells[a][b] !== value);
  if (real.length || table !== state.table) setTable(withCells(table, real), state.how);
}

function edit(begin = null) {
  endEdit(true);
  const [a, b] = focus;
  const cell = body[a][b];
  const given = state.table.cells[a][b];
  editor = h("input", {
    class: "editor", "aria-label": `Value of ${shown(state.table.rows[a])} ∘ ${shown(state.table.columns[b])}`,
    value: begin ?? (given === UNKNOWN ? "" : state.table.symbols[given]), autocomplete: "off", spellcheck: "false", maxlength: 200,
  });
  editor.addEventListener("keydown", (event) => {
    const move = { Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1] }[event.key];
    if (move) {
      event.preventDefault();
      if (endEdit(true)) goTo(a + move[0], b + move[1]);
    } else if (event.key === "Escape") {
      endEdit(false);
      goTo(a, b);
    }
    event.stopPropagation();
  });
  editor.addEventListener("blur", () => endEdit(true));
  cell.append(editor);
  cell.classList.add("edited");
  editor.focus();
  if (begin === null) editor.select();
}

/** Leave the field; return whether what was typed has been taken. */
function endEdit(take) {
  if (!editor) return true;
  const field = editor;
  editor = null;
  const text = field.value.trim();
  const cell = cellOf(field);
  field.parentElement?.classList.remove("edited");
  field.remove();
  if (!cell || !take) return true;
  const [a, b] = cell;
  const held = state.table.cells[a][b];
  if (text === (held === UNKNOWN ? "" : state.table.symbols[held])) return true;
  return type([[a, b, text]]);
}

/** Take texts for cells: `changes` is a list of [row, column, text]. */
function type(changes) {
  const table = state.table;
  const places = new Map(table.symbols.map((label, i) => [label, i]));
  const fresh = new Set();
  const taken = changes.map(([a, b, text]) => {
    if (places.has(text)) return [a, b, places.get(text)];
    if (isUnknown(text, table)) return [a, b, UNKNOWN];
    const near = nearest(text, table.symbols);
    if (near !== null) return [a, b, places.get(near)];
    fresh.add(text);
    return [a, b, text];
  });
  if (!fresh.size) {
    apply(taken);
    return true;
  }
  if (state.free) {
    add([...fresh], taken, withSymbol);
    return true;
  }
  offer([...fresh], taken);
  return false;
}

function add(labels, changes, grow) {
  let table = state.table;
  for (const label of labels) table = grow(table, label);
  if (Math.max(table.rows.length, table.columns.length, table.symbols.length) > state.limits.order) {
    problem(`This studio takes up to ${state.limits.order} labels.`);
    return;
  }
  apply(changes.map(([a, b, value]) => [a, b, typeof value === "string" ? table.symbols.indexOf(value) : value]), table);
  say(`Added ${labels.join(", ")}.`);
}

/** Ask what to do with texts that are no symbols. */
function offer(labels, changes) {
  const names = labels.slice(0, 4).map((label) => `“${cut(label, 20)}”`).join(", ") + (labels.length > 4 ? ` and ${labels.length - 4} more` : "");
  const one = labels.length === 1;
  const [a, b] = changes[0];
  const back = () => { hideOffer(); goTo(a, b); };
  const act = (grow) => () => { hideOffer(); add(labels, changes, grow); goTo(a, b); };
  const square = oneAlphabet(state.table);
  fill(byId("offer"),
    h("p", {}, `${names} ${one ? "is no symbol" : "are no symbols"} of this table.`),
    h("div", { class: "bar" },
      h("button", { type: "button", class: "main", onclick: act(withSymbol) }, `Add as ${one ? "a result" : "results"}`),
      square && h("button", { type: "button", onclick: act(withElement) }, `Add as ${one ? "an element" : "elements"}`),
      h("button", { type: "button", onclick: back }, "Leave it")));
  byId("offer").hidden = false;
  say(byId("offer").firstChild.textContent);
  byId("offer").querySelector("button").focus();
}

function hideOffer() {
  byId("offer").hidden = true;
}

// ---- symbols to tap, for those without a keyboard

function drawKeys() {
  const table = state.table;
  const keys = byId("keys");
  if (table.symbols.length > 30) {
    fill(keys);
    return;
  }
  fill(keys,
    table.symbols.map((label, i) => {
      const button = h("button", { type: "button", class: "key", "data-value": i, "aria-label": `Put ${shown(label)}`, title: shown(label), tabindex: "-1",
        onclick: () => { put(i); goTo(...focus); } }, cut(label, 10) || "\u00a0");
      button.style.setProperty("--hue", hueOf(i, table.symbols.length));
      return button;
    }),
    h("button", { type: "button", class: "key clear", "aria-label": "Make unknown", tabindex: "-1", onclick: () => { put(UNKNOWN); goTo(...focus); } }, "?"));
}

function showKeys() {
  const value = state.table.cells[focus[0]]?.[focus[1]];
  for (const button of byId("keys").children) button.classList.toggle("now", button.dataset.value === String(value));
}

// ---- the clipboard

const inGrid = () => place.contains(document.activeElement) && !editor;

document.addEventListener("copy", (event) => {
  if (!inGrid() || !document.getSelection().isCollapsed) return;
  event.clipboardData.setData("text/plain", toText(state.table, block(), (a, b) => lookAt(a, b).label));
  event.preventDefault();
  say("Copied.");
});

document.addEventListener("cut", (event) => {
  if (!inGrid()) return;
  event.clipboardData.setData("text/plain", toText(state.table, block(), (a, b) => lookAt(a, b).label));
  event.preventDefault();
  put(UNKNOWN);
});

/** Take a text from a spreadsheet into the grid, from the chosen cell on; return whether it was. */
export function pasteInto(text) {
  if (!inGrid()) return false;
  const fields = fieldsOf(text);
  const { top, left } = block();
  const table = state.table;
  // A whole table with its labels is another table, and not a block of cells.
  const [head] = fields;
  const labeled = fields.length > 1 && !table.symbols.includes(head[0]) && head.length === fields.length && fields.every((line, i) => i === 0 || line[0] === head[i]);
  const whole = labeled || (fields.length === table.rows.length + 1 && head.length === table.columns.length + 1);
  if (whole || !fields.some((line) => line.some((field) => field !== ""))) return false;
  const changes = [];
  fields.forEach((line, i) => line.forEach((field, j) => {
    if (top + i < table.rows.length && left + j < table.columns.length) changes.push([top + i, left + j, field]);
  }));
  const cutOff = fields.length * fields[0].length > changes.length;
  if (type(changes) && cutOff) problem("What lies outside of the table was left out.");
  anchor = [top, left];
  focus = [Math.min(top + fields.length, table.rows.length) - 1, Math.min(left + fields[0].length, table.columns.length) - 1];
  draw();
  return true;
}
