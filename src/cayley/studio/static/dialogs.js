// The small windows: a new table, examples, a family, pasted text, hidden and wrong cells, labels,
// files to take along.

import { byId, cut, download, fill, h, problem, say, shown } from "./dom.js";
import { post, postForFile } from "./api.js";
import { hueOf } from "./grid.js";
import { setTable, state } from "./store.js";
import { blank, filled, known, renamed, tableFrom, UNKNOWN, withCells, withElement, withoutElement, withSymbol } from "./table.js";

/** Open a window; `make` gets a function that closes it and returns what is in it. */
function dialog(title, make, { wide = false } = {}) {
  const back = document.activeElement;
  const wrong = h("p", { class: "problem", role: "alert" });
  const window_ = h("dialog", { class: wide ? "wide" : null, "aria-labelledby": "dialog-title" });
  const close = () => window_.close();
  const fail = (error) => { wrong.textContent = shown(error.message ?? error); };
  window_.append(h("div", { class: "dialog-head" }, h("h2", { id: "dialog-title" }, title), h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: close }, "×")), ...[make(close, fail)].flat(), wrong);
  window_.addEventListener("close", () => { window_.remove(); back?.focus?.(); });
  window_.addEventListener("click", (event) => { if (event.target === window_) close(); });
  byId("dialogs").append(window_);
  window_.showModal();
  return window_;
}

/** A form that does something and closes its window, or says what is wrong. */
function form(act, close, fail, ...children) {
  return h("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        fail("");
        await act();
        close();
      } catch (error) {
        fail(error);
      }
    },
  }, ...children);
}

const field = (label, attributes, hint) => {
  const input = h(attributes.rows ? "textarea" : "input", { autocomplete: "off", spellcheck: "false", ...attributes });
  return [h("label", { class: "field" }, h("span", {}, label), input, hint ? h("small", {}, hint) : null), input];
};

function take(document, how = "") {
  setTable(tableFrom(document, state.limits.order), how);
  problem("");
}

// ---- a new table

/** Divide a text into labels: by commas or line ends if there are any, else by blanks. */
function labelsOf(text) {
  const divided = /[,;\n]/.test(text) ? text.split(/[,;\n]/) : text.split(/\s+/);
  return divided.map((label) => label.trim()).filter((label) => label !== "");
}

export function newTable() {
  dialog("New table", (close, fail) => {
    const [sizeField, size] = field("Size", { type: "number", min: 1, max: state.limits.order, value: 4, class: "short" });
    const usual = (n) => (n <= 26 ? ["e", ..."abcdfghijklmnopqrstuvwxyz"].slice(0, n) : [...Array(n).keys()].map(String));
    const [labelsField, labels] = field("Elements", { value: usual(4).join(" ") }, "Divided by blanks, or by commas if labels hold blanks.");
    const [rowsField, rows] = field("Rows", { value: "" });
    const [columnsField, columns] = field("Columns", { value: "" });
    const [symbolsField, symbols] = field("Results", { value: "" });
    const unit = h("input", { type: "checkbox" });
    unit.checked = true;
    const three = h("details", {}, h("summary", {}, "Different labels for rows, columns and results"), rowsField, columnsField, symbolsField);
    size.addEventListener("input", () => { if (size.value >= 1 && size.value <= state.limits.order) labels.value = usual(Number(size.value)).join(" "); });
    return form(() => {
      const of = (input) => labelsOf(input.value);
      const several = three.open && rows.value.trim() && columns.value.trim();
      const [r, c] = several ? [of(rows), of(columns)] : [of(labels), of(labels)];
      const v = several ? (symbols.value.trim() ? of(symbols) : r) : r;
      for (const [list, name] of [[r, "rows"], [c, "columns"], [v, "results"]]) {
        if (!list.length) throw new Error("Name at least one element.");
        if (list.length > state.limits.order) throw new Error(`This studio takes up to ${state.limits.order} labels; there are ${list.length}.`);
        const twice = list.find((label, i) => list.indexOf(label) < i);
        if (twice !== undefined) throw new Error(`\`${twice}\` stands twice among the ${name}.`);
      }
      let table = blank(r, c, v);
      if (unit.checked && !several) table = withCells(table, r.flatMap((_, i) => [[0, i, i], [i, 0, i]]));
      setTable(table, "");
    }, close, fail, sizeField, labelsField, h("label", { class: "check" }, unit, " The first element is the identity"), three, h("div", { class: "bar end" }, h("button", { type: "submit", class: "main" }, "Make it")));
  });
}

// ---- examples as pictures

/** A small picture of a table: a square for each cell, its color the result. */
export function thumbnail(table, size = 84) {
  const rows = table.rows.length;
  const columns = table.columns.length;
  const scale = size / Math.max(rows, columns);
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", `0 0 ${columns} ${rows}`);
  drawing.setAttribute("width", String(columns * scale));
  drawing.setAttribute("height", String(rows * scale));
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("class", "thumbnail");
  table.cells.forEach((row, a) => row.forEach((value, b) => {
    const cell = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, at] of [["x", b + 0.04], ["y", a + 0.04], ["width", 0.92], ["height", 0.92]]) cell.setAttribute(name, String(at));
    cell.setAttribute("class", value === UNKNOWN ? "none" : "some");
    if (value !== UNKNOWN) cell.style.setProperty("--hue", hueOf(value, table.symbols.length));
    drawing.append(cell);
  }));
  return drawing;
}

let examples = [];
export function setExamples(list) {
  examples = list;
}

export function chooseExample() {
  dialog("Examples", (close) => h("div", { class: "gallery" }, examples.map((each) => {
    const [name, ...rest] = each.title.split(": ");
    return h("button", { type: "button", class: "example", onclick: () => { take(each.table); close(); } },
      thumbnail(each.table), h("b", {}, name), " ", h("span", {}, rest.length ? rest.join(": ") : `${known(tableFrom(each.table))} cells known`));
  })), { wide: true });
}

export function family() {
  dialog("Family", (close, fail) => {
    const [nameField, name] = field("Name", { value: "S4", maxlength: 200 }, "S4, D12, Q8, C2xC2xC2, 12:3, mod7:a-b, …");
    const usual = ["C6", "S3", "D8", "Q8", "A4", "S4", "mod7:a-b"];
    return form(async () => take((await post("/api/make", { what: "family", family: name.value.trim() })).table), close, fail, nameField,
      h("div", { class: "bar" }, usual.map((each) => h("button", { type: "button", class: "small", onclick: () => { name.value = each; name.form.requestSubmit(); } }, each))),
      h("div", { class: "bar end" }, h("button", { type: "submit", class: "main" }, "Make it")));
  });
}

/** A window for the text of a table; `act` takes it. */
export function pasteText(act, text = "") {
  dialog("Paste a table", (close, fail) => {
    const [textField, area] = field("Text", { rows: 10, value: text }, "From a spreadsheet, a page, a program: every format that cayley reads.");
    return form(async () => {
      if (!area.value.trim()) throw new Error("There is nothing to read: paste a table first.");
      await act(area.value);
    }, close, fail, textField, h("div", { class: "bar end" }, h("button", { type: "submit", class: "main" }, "Read it")));
  }, { wide: true });
}

// ---- cells to hide, and to make wrong

function change(title, what, label, value, button, hint) {
  dialog(title, (close, fail) => {
    const [percentField, percent] = field(label, { type: "number", min: 0, max: 100, step: "any", value, class: "short" }, hint);
    const [seedField, seed] = field("Draw number", { type: "number", min: 0, value: 0, class: "short" }, "Another number draws other cells.");
    return form(async () => {
      const found = await post("/api/make", { what, percent: Number(percent.value), seed: Number(seed.value), table: state.table });
      take(found.table, state.how);
    }, close, fail, percentField, seedField, h("div", { class: "bar end" }, h("button", { type: "submit", class: "main" }, button)));
  });
}

export function hideCells() {
  const share = known(state.table) / (state.table.rows.length * state.table.columns.length);
  change("Hide cells", "hide", "Known cells, %", Math.min(60, Math.floor(share * 100)), "Hide the others", "Of all cells, those that stay known.");
}

export function makeWrong() {
  change("Make some wrong", "disturb", "Wrong entries, %", 5, "Make them wrong", "Of the known cells.");
}

// ---- labels

export function editLabels() {
  dialog("Labels", (close, fail) => {
    const { table } = state;
    const all = [...new Set([...table.rows, ...table.columns, ...table.symbols])];
    const inputs = all.map((label) => h("input", { value: label, "aria-label": `New name of ${shown(label)}`, maxlength: 200, autocomplete: "off", spellcheck: "false" }));
    const removed = new Set();
    const list = h("ul", { class: "labels" }, all.map((label, i) => {
      const remove = h("button", { type: "button", class: "small", "aria-pressed": "false", "aria-label": `Remove ${shown(label)}` }, "Remove");
      remove.addEventListener("click", () => {
        if (removed.delete(label) === false) removed.add(label);
        remove.setAttribute("aria-pressed", String(removed.has(label)));
        inputs[i].disabled = removed.has(label);
      });
      return h("li", {}, inputs[i], remove);
    }));
    const [addField, add] = field("Further elements", { value: "" }, "Each gets a row, a column and a result.");
    const [openField, results] = field("Further results", { value: "" }, "Results that are no rows or columns.");
    return form(() => {
      let next = state.table;
      for (const label of removed) next = withoutElement(next, label);
      // Through names that nobody has, so that two labels can be exchanged.
      const renames = all.map((label, i) => [label, inputs[i].value.trim()]).filter(([from, to]) => from !== to && !removed.has(from));
      if (renames.some(([, to]) => to === "")) throw new Error("A label must not be empty.");
      renames.forEach(([from], i) => { next = renamed(next, from, `\u0001${i}`); });
      renames.forEach(([, to], i) => { next = renamed(next, `\u0001${i}`, to); });
      for (const label of labelsOf(add.value)) next = withElement(next, label);
      for (const label of labelsOf(results.value)) if (!next.symbols.includes(label)) next = withSymbol(next, label);
      if (Math.max(next.rows.length, next.columns.length, next.symbols.length) > state.limits.order) throw new Error(`This studio takes up to ${state.limits.order} labels.`);
      if (next !== state.table) setTable(next, state.how);
    }, close, fail, list, addField, openField, h("div", { class: "bar end" }, h("button", { type: "submit", class: "main" }, "Apply")));
  });
}

// ---- files to take along

export function exportFiles(formats, files, link) {
  const { thought, table } = state;
  const complete = thought?.cells ? filled(table, thought) : null;
  dialog("Export", (close, fail) => {
    const get = async (what, of) => {
      try {
        fail("");
        const { name, content } = await postForFile("/api/export", { what, table: of, assume: state.assume });
        download(name, content);
        say(`Downloaded ${name}.`);
      } catch (error) {
        fail(error);
      }
    };
    const row = (title, of, id) => {
      const choice = h("select", { "aria-label": `Format, ${title.toLowerCase()}`, id: `format-${id}` }, [...formats, "spreadsheet"].map((each) => h("option", { value: each }, each === "spreadsheet" ? "csv, safe for spreadsheets" : each)));
      return h("div", { class: "export-row" }, h("span", {}, title), choice, h("button", { type: "button", onclick: () => get(choice.value, of) }, `Download`, h("span", { class: "hidden" }, ` ${title.toLowerCase()}`)));
    };
    return [
      row("The table as it was given", table, "given"),
      complete ? row("With what cayley fills in", complete, "complete") : null,
      h("h3", {}, "What cayley thinks"),
      h("div", { class: "bar" }, files.map((name) => h("button", { type: "button", onclick: () => get(name, table) }, name))),
      h("p", { class: "quiet" }, "Pictures can be downloaded where they are shown."),
      h("h3", {}, "A link"),
      h("div", { class: "export-row" }, h("input", { readonly: true, value: link, "aria-label": "Link", onfocus: (event) => event.target.select() })),
    ].filter(Boolean);
  }, { wide: true });
}

export { cut, fill };
