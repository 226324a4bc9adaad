// Pictures of what cayley thinks, as tabs. A picture comes from the server as SVG. It is shown as an
// image, in which nothing can run; a drawing of ours that can be linked with the table is taken apart
// and put together again from elements and attributes that are known to be harmless.

import { fill, h, s, shown } from "./dom.js";
import { post } from "./api.js";
import { mark } from "./grid.js";
import { partOf } from "./panel.js";
import { state } from "./store.js";

const place = partOf("pictures");
let kinds = [];
let chosen = "table";
let ready = new Map(); // pictures that came with a run
let asked = 0;

const ELEMENTS = new Set(["svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "desc", "defs", "marker"]);
const ATTRIBUTES = /^(viewBox|width|height|[xyr]|[xy][12]|c[xy]|r[xy]|d[xy]?|points|transform|fill|fill-opacity|stroke|stroke-width|stroke-dasharray|stroke-linecap|stroke-linejoin|stroke-opacity|opacity|font-size|font-weight|font-family|font-style|text-anchor|dominant-baseline|role|aria-labelledby|aria-describedby|aria-label|id|class|marker-end|orient|refX|refY|markerWidth|markerHeight|data-[a-z-]+)$/;

/** Return a drawing made anew from what is harmless in it; null if it is no SVG. */
export function harmless(text) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  if (parsed.documentElement.localName !== "svg" || parsed.querySelector("parsererror")) return null;
  const copy = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || !ELEMENTS.has(node.localName)) return null;
    const made = s(node.localName);
    for (const { name, value } of node.attributes) {
      // url(#...) points into the drawing itself; any other address is left out.
      if (ATTRIBUTES.test(name) && !/url\((?!#)|javascript:/i.test(value)) made.setAttribute(name, value);
    }
    for (const child of node.childNodes) {
      const one = copy(child);
      if (one) made.append(one);
    }
    return made;
  };
  return copy(parsed.documentElement);
}

/** Begin with the pictures of another thought; they are drawn when somebody looks. */
export function resetPictures() {
  kinds = [];
  ready = new Map();
  asked += 1;
  draw();
}

/** Take the pictures of a run. */
export function showPictures(pictures) {
  asked += 1;
  ready = new Map(pictures.map((each) => [each.kind, each]));
  kinds = pictures.map(({ kind, title, about }) => ({ kind, title, about }));
  draw();
  show();
}

let opened = false;

function draw() {
  const target = place.querySelector(".picture-tabs");
  if (target && kinds.length) {
    if (!kinds.some((each) => each.kind === chosen)) chosen = kinds[0].kind;
    fill(target, kinds.map((each) => h("button", {
      type: "button", role: "tab", id: `tab-${each.kind}`, "aria-selected": String(each.kind === chosen), "aria-controls": "picture",
      tabindex: each.kind === chosen ? "0" : "-1", title: shown(each.about), onclick: () => choose(each.kind), onkeydown: along,
    }, shown(each.title))));
    return;
  }
  const details = h("details", { class: "card pictures-card", open: opened },
    h("summary", {}, h("h3", {}, "Pictures")),
    h("div", { class: "picture-tabs", role: "tablist", "aria-label": "Pictures" }),
    h("div", { id: "picture", class: "picture", role: "tabpanel", "aria-label": "Picture" }));
  details.addEventListener("toggle", () => { opened = details.open; if (opened) load(); });
  fill(place, details);
  if (kinds.length) draw();
  else if (opened) load();
}

function along(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const at = kinds.findIndex((each) => each.kind === chosen);
  choose(kinds[(at + step + kinds.length) % kinds.length].kind);
  document.getElementById(`tab-${chosen}`).focus();
}

function choose(kind) {
  chosen = kind;
  draw();
  show();
}

async function load() {
  if (kinds.length || !state.thought?.settled) return;
  const mine = asked;
  try {
    const found = await post("/api/pictures", { table: state.table, assume: state.assume });
    if (mine !== asked) return;
    kinds = found.kinds;
    draw();
    await show();
  } catch (error) {
    if (mine === asked) say(error.message);
  }
}

function say(text) {
  const target = document.getElementById("picture");
  if (target) fill(target, h("p", { class: "quiet" }, shown(text)));
}

async function show() {
  const mine = asked;
  const kind = chosen;
  const target = document.getElementById("picture");
  if (!target) return;
  target.setAttribute("aria-labelledby", `tab-${kind}`);
  target.classList.add("waits");
  try {
    if (!ready.has(kind)) ready.set(kind, await post("/api/picture", { table: state.table, assume: state.assume, kind }));
    if (mine !== asked || kind !== chosen) return;
    const picture = ready.get(kind);
    const about = kinds.find((each) => each.kind === kind)?.about ?? kind;
    const drawing = picture.inline ? harmless(picture.svg) : null;
    if (drawing) {
      drawing.addEventListener("pointerover", (event) => look(event.target));
      drawing.addEventListener("pointerleave", () => mark("premise", []));
    }
    const address = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture.file)}`;
    fill(target, drawing ?? h("img", { src: address, alt: shown(about) }),
      picture.key.length ? h("ul", { class: "legend" }, picture.key.map(([color, meaning]) => h("li", {}, s("svg", { width: 11, height: 11, "aria-hidden": "true" }, s("rect", { width: 11, height: 11, rx: 3, fill: color })), shown(meaning)))) : null,
      h("div", { class: "bar" }, h("a", { class: "file", download: `${kind}.svg`, href: address }, "Download SVG")));
  } catch (error) {
    if (mine === asked) say(error.message);
  } finally {
    target.classList.remove("waits");
  }
}

/** Mark in the table what a part of a drawing is about. */
function look(part) {
  const { row, column, element } = part.dataset ?? {};
  const { rows, columns } = state.table;
  if (row !== undefined && column !== undefined) mark("premise", [[Number(row), Number(column)]]);
  else if (element !== undefined) {
    const at = Number(element);
    mark("premise", [...columns.map((_, b) => [at, b]), ...rows.map((_, a) => [a, at])]);
  } else mark("premise", []);
}

draw();
