// What cayley thinks: the verdict, what it can be, what to ask next, rivals, suspects.

import { byId, cut, fill, h, say, shown } from "./dom.js";
import { goTo, mark } from "./grid.js";
import { changed, setAssume, setTable, state } from "./store.js";
import { oneAlphabet, withCells } from "./table.js";
import { askFor, count, KINDS, nameOf, STANDINGS, USUAL } from "./words.js";

const place = byId("panel");
const parts = {};
for (const name of ["verdict", "next", "rivals", "suspects", "what", "complete", "pictures"]) {
  parts[name] = h("div", { class: `part ${name}`, id: `part-${name}` });
  place.append(parts[name]);
}

/** The place of a part of the panel. */
export const partOf = (name) => parts[name];

const named = (cell) => `${cut(state.table.rows[cell[0]], 24)} ∘ ${cut(state.table.columns[cell[1]], 24)}`;
const symbol = (value) => (value < 0 ? "open" : cut(state.thought?.symbols[value] ?? state.table.symbols[value], 24));

/** A button that goes to a cell. */
function cellButton(cell, text = named(cell)) {
  return h("button", { type: "button", class: "cell-link", onclick: () => goTo(...cell) }, text);
}

export function drawVerdict() {
  const thought = state.thought;
  const busy = state.busy ? h("p", { class: "busy", "aria-hidden": "true" }, h("span", { class: "dot" }), state.busy) : null;
  if (state.trouble) {
    fill(parts.verdict, h("div", { class: "card verdict-card" }, h("h2", {}, "No answer"), h("p", { class: "problem", role: "status" }, shown(state.trouble)), busy));
    return;
  }
  if (!thought) {
    fill(parts.verdict, h("div", { class: "card verdict-card" }, h("h2", { class: "quiet" }, "Thinking"), busy));
    return;
  }
  const [text, more] = split(thought.verdict);
  fill(parts.verdict, h("div", { class: `card verdict-card is-${thought.status}` },
    h("div", { class: "verdict-head" },
      chip(badge(thought)),
      state.learned ? h("span", { class: "quiet" }, "completed") : null,
      busy),
    h("h2", { id: "headline" }, shown(thought.headline)),
    h("p", { class: "verdict-text", id: "verdict", role: "status" }, shown(text)),
    more && h("details", {}, h("summary", {}, "More"), h("p", {}, shown(more)), thought.why && h("p", {}, shown(thought.why)),
      thought.method && h("p", { class: "quiet" }, shown(thought.method)), thought.notes.map((note) => h("p", { class: "quiet" }, shown(note)))),
    balance(thought)));
}

/** Divide a verdict after its first sentences; names such as "S. 3" are not torn apart. */
function split(text) {
  const sentences = text.match(/[^.]+(?:\.(?!\s|$)[^.]*)*\.?\s*/g) ?? [text];
  let head = "";
  while (sentences.length && (head === "" || head.length + sentences[0].length < 150)) head += sentences.shift();
  return [head.trim(), sentences.join("").trim()];
}

function badge(thought) {
  if (thought.status === "inconsistent") return ["Contradiction", "bad"];
  if (thought.status === "unresolved") return ["Not settled", "open"];
  if (thought.standing === "supposed") return ["Supposed", "open"];
  if (thought.standing === "earned") return ["Earned", "good"];
  if (thought.standing === "given") return ["Given", "good"];
  return thought.status === "solved" ? ["Checked", "good"] : ["Not proved", "open"];
}

function chip([text, kind], title = "") {
  return h("span", { class: `chip ${kind}`, title: title || null }, text);
}

/** A bar with the cells of each kind, and their numbers. */
function balance(thought) {
  const counts = Object.entries(thought.counts).filter(([, number]) => number > 0);
  const total = counts.reduce((sum, [, number]) => sum + number, 0);
  const bar = h("div", { class: "balance", "aria-hidden": "true" });
  for (const [name, number] of counts) {
    const piece = h("span", { class: KINDS[name][0] });
    piece.style.setProperty("flex-grow", number / total);
    bar.append(piece);
  }
  const list = counts.map(([name, number]) => h("li", { title: shown(thought.meanings[name] ?? "") }, h("i", { class: KINDS[name][0] }), `${number} ${KINDS[name][1]}`));
  return [bar, h("ul", { class: "counts" }, list)];
}

// ---- the next cell

export function drawNext() {
  const next = state.next;
  const asked = next?.questions ?? [];
  mark("next", asked.slice(0, 1).map((each) => each.cell));
  if (!asked.length) {
    fill(parts.next);
    return;
  }
  const [{ cell, why, bits, exact, settles }] = asked;
  fill(parts.next, h("section", { class: "card", "aria-label": "What to ask next" },
    h("h3", {}, "Ask next"),
    h("div", { class: "ask" }, cellButton(cell, `${named(cell)} = ?`), h("span", { class: "quiet" }, `${exact ? "" : "about "}${bits.toFixed(1)} bits`)),
    h("p", {}, sentence(why)),
    settles.length ? h("ul", { class: "settles" }, settles.slice(0, 6).map(({ answers, then }) => h("li", {},
      h("b", {}, answers.slice(0, 5).map((each) => cut(each, 16)).join(", ") + (answers.length > 5 ? ` and ${answers.length - 5} more` : "")), ` ${shown(then)}`))) : null));
}

const sentence = (text) => {
  const plain = shown(text);
  return plain.charAt(0).toUpperCase() + plain.slice(1) + (/[.?!]$/.test(plain) ? "" : ".");
};

// ---- rivals

const MOST_IN_PICTURE = 12; // rows of a rival that is drawn as a table beside the other

export function drawRivals() {
  const thought = state.thought;
  const rivals = thought?.rivals ?? [];
  if (!rivals.length || thought.cells.length !== state.table.rows.length) {
    fill(parts.rivals);
    return;
  }
  fill(parts.rivals, h("section", { class: "card", "aria-label": "Rivals" },
    h("h3", {}, rivals.length === 1 ? "A rival" : "Rivals"),
    rivals.slice(0, 4).map((rival) => {
      const other = new Map(rival.cells.map(([a, b, value]) => [`${a} ${b}`, value]));
      const small = state.table.rows.length <= MOST_IN_PICTURE;
      return h("div", { class: "rival" },
        h("p", {}, "If it is ", h("b", {}, shown(rival.label)), ` (${rival.standing}), ${count(rival.cells.length, "cell")} ${rival.cells.length === 1 ? "is" : "are"} different` + (rival.suspects ? ` and ${rival.suspects} observed wrong.` : ".")),
        small
          ? h("div", { class: "pair" }, mini("Here", (a, b) => thought.cells[a][b], other), mini("There", (a, b) => other.get(`${a} ${b}`) ?? thought.cells[a][b], other))
          : h("ul", { class: "cells" }, rival.cells.slice(0, 12).map(([a, b, value]) => h("li", {}, cellButton([a, b]), ` ${symbol(thought.cells[a][b])} here, ${symbol(value)} there`)),
            rival.cells.length > 12 ? h("li", { class: "quiet" }, `and ${rival.cells.length - 12} more`) : null),
        h("button", { type: "button", onclick: () => setAssume(askFor(rival.theory)) }, `Take it to be ${shown(rival.label)}`));
    })));
}

/** A small table with the cells marked that differ. */
function mini(title, valueAt, differs) {
  const { rows, columns } = state.table;
  return h("figure", { class: "mini" },
    h("table", { "aria-label": `${title}, differences marked` }, h("tbody", {}, rows.map((_, a) => h("tr", {}, columns.map((__, b) => {
      const value = valueAt(a, b);
      return h("td", { class: differs.has(`${a} ${b}`) ? "differs" : null, title: `${named([a, b])} = ${symbol(value)}` }, value < 0 ? "" : cut(symbol(value), 3));
    }))))),
    h("figcaption", {}, title));
}

// ---- suspects and contradictions

export function drawSuspects() {
  const thought = state.thought;
  const suspects = thought?.suspects ?? [];
  const conflict = thought?.status === "inconsistent" ? thought.conflict : [];
  mark("conflict", conflict);
  if (conflict.length) {
    fill(parts.suspects, h("section", { class: "card warn", "aria-label": "Cells that contradict each other" },
      h("h3", {}, "These cells contradict each other"),
      h("ul", { class: "cells" }, conflict.slice(0, 16).map(([a, b]) => h("li", {}, cellButton([a, b], `${named([a, b])} = ${symbol(state.table.cells[a][b])}`)))),
      conflict.length > 16 ? h("p", { class: "quiet" }, `and ${conflict.length - 16} more`) : null,
      h("button", { type: "button", onclick: () => setAssume("auto") }, "Let cayley decide what it is")));
    return;
  }
  if (!suspects.length) {
    fill(parts.suspects);
    return;
  }
  const take = (chosen) => {
    const places = new Map(state.table.symbols.map((label, i) => [label, i]));
    setTable(withCells(state.table, chosen.map((each) => [...each.cell, places.get(thought.symbols[each.expected])])), state.how);
    say("Corrected.");
  };
  fill(parts.suspects, h("section", { class: "card warn", "aria-label": "Suspects" },
    h("h3", {}, suspects.length === 1 ? "One cell looks wrong" : `${suspects.length} cells look wrong`),
    h("ul", { class: "cells" }, suspects.slice(0, 50).map((each) => h("li", { title: each.why || null }, cellButton(each.cell), " ",
      h("s", {}, symbol(each.given)), " → ", h("b", {}, symbol(each.expected)), " ",
      h("button", { type: "button", class: "small", onclick: () => take([each]), "aria-label": `Correct ${named(each.cell)}` }, "Correct")))),
    suspects.length > 50 ? h("p", { class: "quiet" }, `and ${suspects.length - 50} more`) : null,
    suspects.length > 1 ? h("button", { type: "button", onclick: () => take(suspects) }, "Correct all") : null));
}

// ---- what is it?

const open = { refuted: false, rest: false, unsettled: false }; // what a visitor has unfolded stays so when it is drawn anew

function entries() {
  const found = new Map();
  for (const each of state.theories ?? []) found.set(each.theory, each);
  for (const each of [...(state.thought?.theories ?? [])].reverse()) {
    const name = askFor(each.theory);
    const before = found.get(name);
    // What a completion shows to be possible is said more exactly by the standing of a theory.
    found.set(name, { ...before, ...each, theory: name });
  }
  for (const name of USUAL) if (!found.has(name)) found.set(name, { theory: name, standing: null, why: "", cells: [] });
  return [...found.values()];
}

const ORDER = ["given", "earned", "holds", "supposed", "possible", null, "open", "refuted"];

export function drawWhat() {
  const all = entries();
  const rank = (each) => ORDER.indexOf(each.standing) * 100 + (USUAL.includes(each.theory) ? USUAL.indexOf(each.theory) : 50);
  all.sort((p, q) => rank(p) - rank(q));
  const of = (...standings) => all.filter((each) => standings.includes(each.standing));
  const stands = of("given", "earned", "holds", "supposed");
  const possible = of("possible", null);
  const usual = possible.filter((each) => USUAL.includes(each.theory));
  const rest = possible.filter((each) => !usual.includes(each));
  const unsettled = of("open");
  const refuted = of("refuted");
  const listed = all.some((each) => each.theory === state.assume) || ["auto", "none"].includes(state.assume);
  const focused = document.activeElement?.closest?.("#part-what") ? document.activeElement.value ?? null : null;
  const typed = byId("other")?.value ?? (listed ? "" : state.assume);
  fill(parts.what, h("section", { class: "card", "aria-label": "What is it?" },
    h("h3", {}, "What is it?"),
    h("div", { class: "theories", role: "radiogroup", "aria-label": "What the operation is taken to be" },
      choice({ theory: "auto", standing: null, why: "whatever the cells give evidence for" }, "Let cayley decide"),
      stands.map((each) => choice(each)),
      usual.map((each) => choice(each)),
      choice({ theory: "none", standing: null, why: "nothing is forced then" }, "Anything"),
      rest.length ? fold("rest", `More that it can be (${rest.length})`, rest) : null,
      unsettled.length ? fold("unsettled", `Not looked into (${unsettled.length})`, unsettled) : null,
      refuted.length ? fold("refuted", `Refuted (${refuted.length})`, refuted) : null),
    h("form", { class: "other", onsubmit: (event) => { event.preventDefault(); const text = byId("other").value.trim(); if (text) setAssume(text); } },
      h("label", { class: "field" }, h("span", {}, "Another kind, or laws"),
        h("input", { id: "other", value: typed, placeholder: "left Bol loop; x(yx) = y", maxlength: 200, spellcheck: "false", autocomplete: "off" })),
      h("button", { type: "submit" }, "Take it"))));
  if (focused !== null) (parts.what.querySelector(`input[value="${CSS.escape(focused)}"]`) ?? byId("other"))?.focus();
}

function fold(name, title, list) {
  const inside = list.some((each) => each.theory === state.assume);
  const details = h("details", { open: open[name] || inside }, h("summary", {}, title), list.map((each) => choice(each)));
  details.addEventListener("toggle", () => { open[name] = details.open; });
  return details;
}

function choice(each, title = nameOf(each.theory)) {
  const standing = each.standing ? STANDINGS[each.standing] : null;
  const kind = { given: "good", earned: "good", holds: "good", supposed: "open", refuted: "bad" }[each.standing] ?? "dim";
  const input = h("input", { type: "radio", name: "assume", value: each.theory, onchange: () => setAssume(each.theory) });
  input.checked = state.assume === each.theory;
  return h("label", {
    class: `theory ${each.standing ?? ""}`,
    onpointerenter: () => mark("premise", each.cells ?? []),
    onpointerleave: () => mark("premise", []),
  }, input, h("span", { class: "theory-name" }, shown(title)), standing ? chip([standing[0], kind], standing[1]) : null,
  each.why ? h("span", { class: `theory-why${each.why.length > 40 ? " long" : ""}` }, shown(each.why)) : null);
}

export function drawPanel() {
  drawVerdict();
  drawNext();
  drawRivals();
  drawSuspects();
  drawWhat();
}

/** The table that cayley thinks of, where it has other labels than the one at the left. */
export function fits() {
  const { thought, table } = state;
  return Boolean(thought?.cells) && thought.cells.length === table.rows.length && thought.cells[0].length === table.columns.length;
}

export { changed, oneAlphabet };
