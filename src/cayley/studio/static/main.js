// The workbench: what happens when the table changes, and the buttons around it.

import { get, post, read, think } from "./api.js";
import { chooseExample, editLabels, exportFiles, family, hideCells, makeWrong, newTable, pasteText, setExamples } from "./dialogs.js";
import { byId, cut, fill, h, later, problem, say, shown } from "./dom.js";
import { draw as drawGrid, lookAt, mark, onLook, pasteInto } from "./grid.js";
import { openLessons } from "./lessons.js";
import { decode, encode } from "./link.js";
import { drawNext, drawPanel, drawRivals, drawSuspects, drawVerdict, drawWhat } from "./panel.js";
import { resetPictures } from "./pictures.js";
import { drawComplete } from "./runs.js";
import { begin, canRedo, canUndo, changed, on, redo, setTable, state, undo } from "./store.js";
import { known, oneAlphabet, tableFrom } from "./table.js";

let start = { formats: [], files: [] };
let thinking = null; // what is being asked, so that it can be given up

// ---- thinking

function reconsider() {
  thinking?.abort();
  thinking = new AbortController();
  const { signal } = thinking;
  const { table, assume } = state;
  state.learned = false;
  state.busy = "Thinking";
  state.next = null;
  state.theories = null;
  state.trouble = "";
  drawVerdict();
  think(table, assume, (part) => { if (!signal.aborted) take(part); }, signal).then(
    () => { if (!signal.aborted) settle(); },
    (error) => {
      if (error.name === "AbortError" || signal.aborted) return;
      if (error.status === 409) {
        setTimeout(() => { if (!signal.aborted) reconsider(); }, 1000); // another page's was newer
        return;
      }
      state.thought = null;
      state.trouble = error.message;
      settle();
      changed("thought");
    },
  );
}

function settle() {
  state.busy = "";
  drawVerdict();
}

function take(part) {
  switch (part.part) {
    case "first":
      state.thought = part.cells ? part : null;
      state.busy = part.settled ? "Looking at the next cell" : "Looking further";
      changed("thought");
      break;
    case "answer":
      state.thought = part;
      state.busy = "Looking at the next cell";
      changed("thought");
      break;
    case "next":
      state.next = part;
      state.busy = "Looking at other kinds";
      drawNext();
      drawVerdict();
      break;
    case "theories":
      state.theories = part.theories;
      drawWhat();
      break;
    case "error":
      // A thought at first sight stays; only what takes longer was given up.
      if (!state.thought) state.trouble = part.message;
      else state.thought = { ...state.thought, settled: true };
      drawVerdict();
      break;
    default:
  }
}

// The fragment that the page has read or written last. A link that was followed since is in the
// address already when the page has not been told of it yet.
let seen = location.hash;

function setFragment(fragment) {
  if (location.hash !== fragment) history.replaceState(null, "", fragment);
  seen = location.hash;
}

const rememberLink = later(300, async () => {
  const before = seen;
  const code = await encode(state);
  // The address is that of the lessons, or somebody has followed a link meanwhile.
  if (byId("work").hidden || location.hash !== before) return;
  setFragment(`#t=${code}`);
});

on("table", () => {
  drawGrid();
  summarize();
  byId("undo").disabled = !canUndo();
  byId("redo").disabled = !canRedo();
  rememberLink();
  reconsider();
});

on("assume", () => {
  problem("");
  drawWhat();
  rememberLink();
  reconsider();
});

on("thought", () => {
  drawGrid();
  drawVerdict();
  drawRivals();
  drawSuspects();
  drawWhat();
  legend();
  resetPictures();
});

function summarize() {
  const { table, how } = state;
  const cells = table.rows.length * table.columns.length;
  const kind = oneAlphabet(table) ? "" : ", different labels for rows, columns and results";
  byId("size").textContent = `${table.rows.length} × ${table.columns.length}, ${known(table)} of ${cells} cells known${kind}`;
  byId("how").textContent = shown(how);
  byId("how").hidden = !how;
}

function legend() {
  const kinds = new Set();
  state.table.cells.forEach((row, a) => row.forEach((_, b) => kinds.add(lookAt(a, b).kind)));
  const words = { given: "given", forced: "forced by the given cells", predicted: "supposed or learned", suspect: "looks wrong" };
  const meanings = { forced: state.thought?.meanings?.forced, predicted: state.thought?.meanings?.predicted };
  fill(byId("legend"), Object.entries(words).filter(([kind]) => kinds.has(kind)).map(([kind, text]) => h("span", {}, h("i", { class: kind }), meanings[kind] ? shown(meanings[kind]) : text)));
}

// ---- the reason for a cell

const reasons = new Map(); // of this thought, by cell
on("thought", () => { reasons.clear(); mark("premise", []); });

const ask = later(120, async (a, b) => {
  const { thought, table, assume } = state;
  const key = `${a} ${b}`;
  if (!reasons.has(key)) {
    try {
      reasons.set(key, await post("/api/reason", { table, assume, row: a, column: b }));
    } catch {
      return; // the sentence that stands there is true without the steps
    }
  }
  if (thought === state.thought && looked === key) tell(a, b);
});

let looked = "";

onLook((a, b, focused) => {
  looked = `${a} ${b}`;
  tell(a, b);
  if (focused || reasons.has(looked)) {
    const { kind } = lookAt(a, b);
    // What was learned rests on no cells alone.
    if (kind === "forced" && !state.learned && state.thought?.settled) ask(a, b);
  }
});

function tell(a, b) {
  const { table, thought } = state;
  if (a >= table.rows.length || b >= table.columns.length) return;
  const look = lookAt(a, b);
  const what = `${cut(table.rows[a], 200)} ∘ ${cut(table.columns[b], 200)} = ${look.kind === "unknown" ? "?" : shown(look.label)}`;
  const why = {
    given: "given",
    forced: thought?.meanings?.forced ?? "forced",
    predicted: thought?.meanings?.predicted ?? "not proved",
    suspect: look.suspect ? `given, but ${cut(thought.symbols[look.suspect.expected], 40)} is expected` : "given",
    unknown: look.possible ? `open: one of ${look.possible.slice(0, 12).map((each) => cut(each, 16)).join(", ")}${look.possible.length > 12 ? " and more" : ""}` : "not known",
  }[look.kind];
  const reason = look.kind === "forced" ? reasons.get(`${a} ${b}`) : null;
  mark("premise", reason ? reason.from : []);
  fill(byId("reason"), h("p", {}, h("b", {}, what), h("span", {}, ` ${shown(why)}`)),
    reason?.from.length && !reason.steps.length ? h("p", { class: "quiet" }, "It follows from the framed cells by the laws.") : null,
    reason?.steps.length ? h("ol", {}, reason.steps.map((step) => h("li", {}, shown(step)))) : null,
    reason?.more ? h("p", { class: "quiet" }, `and ${reason.more} more steps`) : null);
}

// ---- reading

async function readContent(content, name) {
  const size = content.size ?? new Blob([content]).size;
  if (size > state.limits.bytes) throw new Error(`${cut(name, 60)} has ${size} bytes; this studio takes up to ${state.limits.bytes}.`);
  const found = await read(content, name, state.free);
  setTable(tableFrom(found.table, state.limits.order), found.how);
  problem("");
  say(found.how || "Read.");
}

async function attempt(act) {
  try {
    problem("");
    await act();
  } catch (error) {
    problem(error.message);
  }
}

byId("file").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (file) await attempt(() => readContent(file, file.name));
  event.target.value = ""; // the same file can be chosen again
});

let depth = 0; // dragging over what is inside leaves and enters
const holdsFile = (event) => [...(event.dataTransfer?.types ?? [])].some((type) => type === "Files" || type === "text/plain");
addEventListener("dragenter", (event) => { if (holdsFile(event)) { depth += 1; byId("drop").hidden = false; } });
addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); if (!depth) byId("drop").hidden = true; });
addEventListener("dragover", (event) => { if (holdsFile(event)) event.preventDefault(); });
addEventListener("drop", (event) => {
  if (!holdsFile(event)) return;
  event.preventDefault();
  depth = 0;
  byId("drop").hidden = true;
  const [file] = event.dataTransfer.files;
  if (file) attempt(() => readContent(file, file.name));
  else {
    const text = event.dataTransfer.getData("text/plain");
    if (text) attempt(() => readContent(new Blob([text]), "dropped text"));
  }
});

const isField = (element) => element?.closest?.("input, textarea, select, dialog");

document.addEventListener("paste", (event) => {
  if (isField(event.target)) return;
  const [file] = event.clipboardData.files;
  const text = event.clipboardData.getData("text/plain");
  if (file && !text) attempt(() => readContent(file, file.name));
  else if (text && !pasteInto(text)) attempt(() => readContent(new Blob([text]), "pasted text"));
  event.preventDefault();
});

// ---- buttons and keys

const buttons = {
  new: newTable,
  examples: chooseExample,
  open: () => byId("file").click(),
  paste: () => pasteText((text) => readContent(new Blob([text]), "pasted text")),
  family,
  undo,
  redo,
  hide: hideCells,
  disturb: makeWrong,
  labels: editLabels,
  export: async () => exportFiles(start.formats, start.files, await link()),
  "copy-link": async () => {
    const address = await link();
    try {
      await navigator.clipboard.writeText(address);
      say("The link is copied.");
      flash(byId("copy-link"), "Copied");
    } catch {
      exportFiles(start.formats, start.files, address); // where the clipboard is not allowed
    }
  },
};
for (const [name, act] of Object.entries(buttons)) byId(name).addEventListener("click", () => attempt(async () => { await started; return act(); }));

async function link() {
  setFragment(`#t=${await encode(state)}`);
  return location.href;
}

function flash(button, text) {
  const before = button.dataset.text ?? button.textContent;
  button.dataset.text = before;
  button.textContent = text;
  setTimeout(() => { button.textContent = before; }, 1500);
}

byId("free").addEventListener("change", (event) => { state.free = event.target.checked; });

for (const [name, value] of [["by-standing", "standing"], ["by-element", "elements"]]) {
  byId(name).addEventListener("click", () => {
    byId("sheet").dataset.colors = value;
    byId("by-standing").setAttribute("aria-pressed", String(value === "standing"));
    byId("by-element").setAttribute("aria-pressed", String(value === "elements"));
  });
}

addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || isField(event.target)) return;
  const letter = event.key.toLowerCase();
  if (letter === "z" && !event.shiftKey) undo();
  else if (letter === "y" || letter === "z") redo();
  else return;
  event.preventDefault();
});

// ---- workbench and lessons

function show(name) {
  const lessons = name === "lessons";
  byId("work").hidden = lessons;
  byId("lessons").hidden = !lessons;
  byId("copy-link").hidden = lessons;
  byId("export").hidden = lessons;
  for (const [id, is] of [["tab-work", !lessons], ["tab-lessons", lessons]]) {
    if (is) byId(id).setAttribute("aria-current", "page");
    else byId(id).removeAttribute("aria-current");
  }
  if (lessons) openLessons(byId("lessons"));
}
byId("tab-work").addEventListener("click", () => { show("work"); rememberLink(); });
byId("tab-lessons").addEventListener("click", () => { show("lessons"); setFragment("#lessons"); });

// ---- the beginning

async function fromAddress() {
  seen = location.hash;
  if (location.hash === "#lessons") {
    show("lessons");
    return null;
  }
  show("work");
  if (!location.hash.startsWith("#t=")) return null;
  try {
    return await decode(location.hash.slice(3), state.limits.order);
  } catch (error) {
    problem(error.message);
    return null;
  }
}

addEventListener("hashchange", async () => {
  rememberLink.cancel(); // it would put the table that was here before in place of the link
  const found = await fromAddress();
  if (found) begin(found);
});

async function run() {
  try {
    start = await get("/api/start");
    Object.assign(state.limits, start.limits);
    setExamples(start.examples);
  } catch (error) {
    problem(error.message);
  }
  drawComplete();
  const found = await fromAddress();
  const first = start.examples?.[0]?.table;
  if (found) begin(found);
  else if (first) begin({ table: tableFrom(first), assume: "auto" });
  drawPanel();
}

const started = run(); // what needs the examples or the limits waits for it
