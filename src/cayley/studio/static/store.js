// What the page knows: the table with all its former states, what is asked of it, and what was said.

const listeners = new Map();

export const state = {
  table: null,
  how: "", // the sentence how it was read
  assume: "auto",
  free: false, // whether new symbols are added without asking
  thought: null,
  learned: false, // whether the thought comes from a completed run
  theories: null,
  next: null,
  busy: "", // what is being thought about, in words
  trouble: "", // why nothing could be said
  limits: { order: 60, bytes: 1 << 20, seconds: 120, runs: 4, seed: 2 ** 31 - 1 },
};

const before = [];
const after = [];

/** Call a function when something of a kind has changed. */
export function on(kind, act) {
  if (!listeners.has(kind)) listeners.set(kind, []);
  listeners.get(kind).push(act);
}

export function changed(kind) {
  for (const act of listeners.get(kind) ?? []) act();
}

/** Take another table; undo returns to the one before. */
export function setTable(table, how = "") {
  if (state.table !== null) before.push({ table: state.table, how: state.how });
  after.length = 0;
  place(table, how);
}

function place(table, how) {
  state.table = table;
  state.how = how;
  changed("table");
}

function step(from, to) {
  if (!from.length) return false;
  to.push({ table: state.table, how: state.how });
  const { table, how } = from.pop();
  place(table, how);
  return true;
}

export const undo = () => step(before, after);
export const redo = () => step(after, before);
export const canUndo = () => before.length > 0;
export const canRedo = () => after.length > 0;

/** Begin anew with a state from a link. */
export function begin({ table, assume }) {
  before.length = 0;
  after.length = 0;
  state.assume = assume;
  place(table, "");
}

export function setAssume(assume) {
  state.assume = assume;
  changed("assume");
}
