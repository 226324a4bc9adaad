// Ten exercises: their answers are checked by the server, progress is kept in this browser.

import { get, post } from "./api.js";
import { cut, fill, h, say, shown } from "./dom.js";
import { hueOf } from "./grid.js";

const KEPT = "cayley-lessons"; // in the browser's own storage
let lessons = null;
let current = 0;
let work = []; // what a learner has done in each lesson

function doneOnes() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return new Set(Array.isArray(found) ? found.filter((each) => typeof each === "string") : []);
  } catch {
    return new Set(); // damaged, or storage is not allowed: progress lasts as long as the page
  }
}
const done = doneOnes();

function keep() {
  try {
    localStorage.setItem(KEPT, JSON.stringify([...done]));
  } catch {
    // Storage is not allowed; nothing else depends on it.
  }
}

export async function openLessons(place) {
  if (!lessons) {
    fill(place, h("p", { class: "quiet" }, "One moment."));
    try {
      ({ lessons } = await get("/api/lessons"));
    } catch (error) {
      lessons = null;
      fill(place, h("p", { class: "problem", role: "alert" }, shown(error.message)));
      return;
    }
    work = lessons.map(begun);
    const open = lessons.findIndex((each) => !done.has(each.name));
    current = Math.max(0, open);
  }
  draw(place);
}

const begun = (lesson) => ({
  cells: lesson.table.cells.map((row) => [...row]), choice: "", at: [-1, -1, -1], identity: -1, inverses: lesson.table.rows.map(() => -1),
  asked: [], hints: [], wrong: [], hinted: [], said: null, focus: [0, 0],
});

function draw(place, focusCell = false) {
  const lesson = lessons[current];
  const mine = work[current];
  const list = h("nav", { "aria-label": "Lessons" },
    h("h1", { class: "hidden" }, "Lessons"),
    h("p", { class: "quiet" }, `${done.size} of ${lessons.length} done`),
    h("ol", { class: "lesson-list" }, lessons.map((each, i) => h("li", {}, h("button", {
      type: "button", class: done.has(each.name) ? "done" : null, "aria-current": i === current ? "true" : null, onclick: () => { current = i; draw(place); },
    }, h("span", { class: `state ${done.has(each.name) ? "done" : ""}`, "aria-hidden": "true" }, done.has(each.name) ? "✓" : ""), `${i + 1}. `, h("span", { class: "lesson-title" }, each.title), done.has(each.name) ? h("span", { class: "hidden" }, ", done") : null)))));
  const again = () => draw(place);
  const body = h("section", { class: "card lesson", "aria-labelledby": "lesson-title" },
    h("h2", { id: "lesson-title" }, lesson.title),
    h("p", {}, lesson.text),
    grid(lesson, mine, place),
    ["fill", "cell"].includes(lesson.kind) ? keys(lesson, mine, place) : null,
    controls(lesson, mine, again),
    h("div", { class: "bar" },
      lesson.kind === "ask" ? null : h("button", { type: "button", class: "main", onclick: () => check(lesson, mine, place) }, "Check"),
      h("button", { type: "button", disabled: mine.hints.length >= lesson.hints, onclick: () => hint(lesson, mine, place) }, mine.hints.length ? "Another hint" : "Hint"),
      h("button", { type: "button", onclick: () => { work[current] = begun(lesson); draw(place); } }, "Begin anew")),
    mine.hints.length ? h("ol", { class: "hints", "aria-label": "Hints" }, mine.hints.map((each) => h("li", {}, each))) : null,
    h("p", { class: `answer ${mine.said?.right ? "good" : "bad"}`, role: "status" }, mine.said ? shown(mine.said.said) : ""),
    mine.said?.right ? h("p", {}, mine.said.after) : null,
    mine.said?.right && current + 1 < lessons.length ? h("button", { type: "button", class: "main next-lesson", onclick: () => { current += 1; draw(place); } }, "Next lesson") : null);
  fill(place, list, body);
  if (focusCell) body.querySelector(`td[data-row="${mine.focus[0]}"][data-column="${mine.focus[1]}"]`)?.focus();
}

const editable = (lesson, a, b) => lesson.kind === "cell" || (lesson.kind === "fill" && lesson.table.cells[a][b] < 0);
const among = (cells, a, b) => cells.some((cell) => cell[0] === a && cell[1] === b);

function grid(lesson, mine, place) {
  const { rows, columns, symbols } = lesson.table;
  const put = (value) => {
    const [a, b] = mine.focus;
    if (!editable(lesson, a, b)) return;
    mine.cells[a][b] = value;
    mine.wrong = mine.wrong.filter((cell) => cell[0] !== a || cell[1] !== b);
    draw(place, true);
  };
  const onKey = (event) => {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (move) {
      mine.focus = [Math.min(Math.max(mine.focus[0] + move[0], 0), rows.length - 1), Math.min(Math.max(mine.focus[1] + move[1], 0), columns.length - 1)];
      draw(place, true);
    } else if (["Delete", "Backspace"].includes(event.key)) put(lesson.kind === "cell" ? lesson.table.cells[mine.focus[0]][mine.focus[1]] : -1);
    else if (event.key === "Enter" && lesson.kind === "ask") uncover(lesson, mine, place);
    else if (symbols.includes(event.key)) put(symbols.indexOf(event.key));
    else return;
    event.preventDefault();
  };
  const table = h("table", { class: "grid tinted", role: "grid", "aria-label": "The table of the lesson", onkeydown: onKey },
    h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "corner" }, "∘"), columns.map((label) => h("th", { scope: "col" }, label)))),
    h("tbody", {}, rows.map((label, a) => h("tr", {}, h("th", { scope: "row" }, label), columns.map((_, b) => {
      const value = mine.cells[a][b];
      const fresh = value !== lesson.table.cells[a][b];
      const classes = [value < 0 ? "unknown" : "given", among(mine.wrong, a, b) ? "wrong" : "", among(mine.hinted, a, b) ? "hinted" : "", fresh ? "mine" : ""];
      const cell = h("td", {
        role: "gridcell", class: classes.filter(Boolean).join(" "), "data-row": a, "data-column": b, "data-value": value,
        tabindex: mine.focus[0] === a && mine.focus[1] === b ? "0" : "-1", "aria-label": value < 0 ? "unknown" : `${symbols[value]}${among(mine.wrong, a, b) ? ", wrong" : ""}`,
        onclick: () => { mine.focus = [a, b]; if (lesson.kind === "ask") uncover(lesson, mine, place); else draw(place, true); },
      }, h("span", {}, value < 0 ? "" : cut(symbols[value], 8)));
      if (value >= 0) cell.style.setProperty("--hue", hueOf(value, symbols.length));
      return cell;
    })))));
  table.style.setProperty("--cell", rows.length > 6 ? "38px" : "48px");
  return h("div", { class: "scroll" }, table);
}

function keys(lesson, mine, place) {
  const { symbols } = lesson.table;
  const put = (value) => {
    const [a, b] = mine.focus;
    if (editable(lesson, a, b)) mine.cells[a][b] = value;
    mine.wrong = mine.wrong.filter((cell) => cell[0] !== a || cell[1] !== b);
    draw(place, true);
  };
  return h("div", { class: "keys", role: "group", "aria-label": "Elements for the chosen cell" }, symbols.map((label, i) => {
    const button = h("button", { type: "button", class: "key", "aria-label": `Put ${label}`, onclick: () => put(i) }, label);
    button.style.setProperty("--hue", hueOf(i, symbols.length));
    return button;
  }));
}

function select(label, options, value, act) {
  const choice = h("select", { onchange: (event) => act(Number(event.target.value)) },
    h("option", { value: "-1" }, "choose"), options.map((text, i) => h("option", { value: i, selected: i === value }, text)));
  return h("label", { class: "field" }, h("span", {}, label), choice);
}

function controls(lesson, mine, again) {
  const { rows } = lesson.table;
  if (lesson.kind === "law" || lesson.kind === "choice") {
    const count = lesson.variables[mine.choice] ?? 0;
    return [
      h("fieldset", { class: "options" }, h("legend", {}, "Your answer"), lesson.options.map((each) => {
        const input = h("input", { type: "radio", name: `choice-${lesson.name}`, value: each.name, onchange: () => { mine.choice = each.name; again(); } });
        input.checked = mine.choice === each.name;
        return h("label", {}, input, each.text);
      })),
      lesson.kind === "law" && count ? h("div", { class: "bar" }, [..."xyz"].slice(0, count).map((name, i) => select(`${name} =`, rows, mine.at[i], (value) => { mine.at[i] = value; }))) : null,
    ].filter(Boolean);
  }
  if (lesson.kind === "identity") {
    return [h("div", { class: "bar" }, select("Identity", rows, mine.identity, (value) => { mine.identity = value; })),
      h("div", { class: "bar", role: "group", "aria-label": "Inverses" }, rows.map((label, i) => select(`Inverse of ${label}`, rows, mine.inverses[i], (value) => { mine.inverses[i] = value; })))];
  }
  return [];
}

async function check(lesson, mine, place) {
  const { variables } = lesson;
  const request = { name: lesson.name };
  if (["fill", "cell"].includes(lesson.kind)) request.cells = mine.cells.flat();
  else if (lesson.kind === "identity") Object.assign(request, { identity: mine.identity, inverses: mine.inverses });
  else {
    const at = mine.at.slice(0, variables[mine.choice] ?? 0);
    if (!mine.choice || (lesson.kind === "law" && at.includes(-1))) {
      mine.said = { right: false, said: mine.choice ? "Choose the elements as well." : "Choose an answer first." };
      draw(place);
      return;
    }
    Object.assign(request, { choice: mine.choice, at });
  }
  await ask(lesson, mine, place, request);
}

async function uncover(lesson, mine, place) {
  const [a, b] = mine.focus;
  if (mine.cells[a][b] >= 0) {
    draw(place, true);
    return;
  }
  mine.asked.push([a, b]);
  await ask(lesson, mine, place, { name: lesson.name, asked: mine.asked });
  draw(place, true);
}

async function ask(lesson, mine, place, request) {
  try {
    const found = await post("/api/lesson", request);
    mine.said = found;
    mine.wrong = found.wrong;
    for (const [a, b, value] of found.shown ?? []) mine.cells[a][b] = value;
    if (found.right) {
      done.add(lesson.name);
      keep();
    }
    say(found.said);
  } catch (error) {
    mine.said = { right: false, said: error.message };
  }
  draw(place);
}

async function hint(lesson, mine, place) {
  try {
    const found = await post("/api/lesson", { name: lesson.name, hint: mine.hints.length });
    mine.hints.push(found.hint);
    mine.hinted = found.cells;
    say(found.hint);
  } catch (error) {
    mine.said = { right: false, said: error.message };
  }
  draw(place);
}
