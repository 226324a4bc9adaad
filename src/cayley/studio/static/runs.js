// Completing a table with everything cayley has, in the background: progress, stop, the result.

import { cut, fill, h, s, say, shown } from "./dom.js";
import { get, post } from "./api.js";
import { partOf } from "./panel.js";
import { showPictures } from "./pictures.js";
import { changed, state } from "./store.js";

const place = partOf("complete");
const settings = { solver: "auto", seed: 0, seconds: null };
let run = null; // the run that is going on, or the last one

const SOLVERS = {
  auto: "Deduce, else learn",
  exact: "Deduce only",
  synchronization: "Learn by synchronization",
  hypercube: "Learn by HyperCube",
};

const CURVES = [
  ["fit", "Fit", [0, 1.05], (v) => `${Math.round(v * 100)} %`],
  ["penalty_ratio", "H / n²", [0, null], (v) => v.toFixed(2)],
  ["agreement", "Agreement", [0, 1.05], (v) => v.toFixed(2)],
  ["imbalance", "Imbalance", null, (v) => v.toExponential(0)],
];

/** Draw this part of the panel. */
export function drawComplete() {
  settings.seconds ??= Math.min(60, state.limits.seconds);
  const going = run && !run.over;
  const field = (name, label, attributes) => h("label", { class: "field" }, h("span", {}, label),
    h("input", { type: "number", value: settings[name], ...attributes, oninput: (event) => { settings[name] = event.target.value === "" ? NaN : Number(event.target.value); } }));
  const choices = h("select", { onchange: (event) => { settings.solver = event.target.value; } },
    Object.entries(SOLVERS).map(([value, text]) => h("option", { value, selected: settings.solver === value }, text)));
  const drawer = place.querySelector("details.drawer")?.open;
  fill(place, h("section", { class: "card", "aria-label": "Complete" },
    h("h3", {}, "Complete"),
    h("p", { class: "quiet" }, "Deduces with more patience, and learns what nothing forces."),
    h("div", { class: "bar" },
      h("button", { type: "button", class: "main", id: "complete", disabled: going, onclick: start }, "Complete"),
      going ? h("button", { type: "button", id: "stop", onclick: stop }, "Stop") : null,
      run ? h("button", { type: "button", disabled: going, onclick: () => { settings.seed = (Number.isFinite(settings.seed) ? settings.seed : 0) + 1; start(); } }, "Try another way") : null),
    h("details", { class: "drawer", open: drawer }, h("summary", {}, "Advanced"),
      h("div", { class: "bar" }, h("label", { class: "field" }, h("span", {}, "How"), choices), field("seed", "Seed", { min: 0, max: state.limits.seed }), field("seconds", "Seconds", { min: 1, max: state.limits.seconds }))),
    h("p", { class: "problem", role: "alert", id: "run-problem" }),
    h("div", { id: "run" })));
  if (run) drawRun();
}

async function start() {
  const { table, assume } = state;
  const alert = document.getElementById("run-problem");
  alert.textContent = "";
  if (!(settings.seconds >= 0.1 && settings.seconds <= state.limits.seconds)) {
    alert.textContent = `Seconds must be a number from 0.1 to ${state.limits.seconds}.`;
    return;
  }
  if (!(Number.isInteger(settings.seed) && settings.seed >= 0 && settings.seed <= state.limits.seed)) {
    alert.textContent = `The seed must be a whole number from 0 to ${state.limits.seed}.`;
    return;
  }
  try {
    const { id } = await post("/api/runs", { table, assume, ...settings });
    run = { id, table, over: false, text: "Waiting for a free place.", history: [], heat: null, matrices: null, files: [], pictures: [], failed: false };
    drawComplete();
    follow(run);
  } catch (error) {
    alert.textContent = shown(error.message);
  }
}

async function stop() {
  run.text = "Stopping; the best so far is kept.";
  drawRun();
  try {
    await post(`/api/runs/${run.id}/stop`, {});
  } catch {
    // It has ended meanwhile, and says so itself.
  }
}

async function follow(mine) {
  let after = 0;
  let failures = 0;
  while (!mine.over) {
    let news;
    try {
      news = await get(`/api/runs/${mine.id}?after=${after}`);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (error.status && error.status !== 0 && error.status < 500 && error.status !== 429) return end(mine, error.message, true);
      if (failures > 5) return end(mine, error.message, true);
      await new Promise((resolve) => { setTimeout(resolve, 500 * failures); });
      continue;
    }
    after = news.last;
    if (news.state === "waiting") mine.text = waiting(news.ahead);
    for (const message of news.messages) take(mine, message);
    if (mine === run) drawRun();
    if (["done", "failed"].includes(news.state)) end(mine);
  }
  return undefined;
}

function waiting(ahead) {
  if (ahead === 0) return "Waiting for a free place: the next one.";
  return `Waiting for a free place: ${ahead} ${ahead === 1 ? "run comes" : "runs come"} before this one.`;
}

function end(mine, text = null, failed = false) {
  mine.over = true;
  if (text) mine.text = text;
  if (failed) mine.failed = true;
  if (mine === run) drawComplete();
}

function take(mine, message) {
  switch (message.type) {
    case "started":
      mine.text = "Deducing.";
      break;
    case "update":
      mine.history.push(message);
      if (mine.history.length > 600) mine.history = mine.history.filter((_, i) => i % 2 === 0);
      mine.text = `Learning: ${message.stage}, step ${message.step}, fit ${Math.round((message.fit ?? 0) * 100)} %.`;
      mine.heat = message.heat ?? mine.heat;
      mine.matrices = message.matrices ?? mine.matrices;
      break;
    case "finished":
      mine.text = `Done in ${message.seconds.toFixed(1)} s.`;
      mine.heat = null;
      mine.matrices = null;
      if (message.history.step.length) mine.history = message.history.step.map((step, i) => Object.fromEntries(Object.keys(message.history).map((name) => [name, message.history[name][i]])));
      // What was learned about a table that has changed meanwhile is no thought about the new one.
      if (mine.table === state.table) {
        state.thought = message;
        state.learned = true;
        state.trouble = "";
        changed("thought");
        say(message.headline);
      } else mine.text += " The table has changed meanwhile; complete it again.";
      break;
    case "picture":
      mine.pictures.push(message);
      if (mine.table === state.table) showPictures(mine.pictures);
      break;
    case "done":
      mine.files = message.files;
      break;
    case "failed":
      mine.text = message.reason;
      mine.failed = true;
      break;
    default:
  }
}

function drawRun() {
  const mine = run;
  const target = document.getElementById("run");
  if (!target) return;
  const pictures = [];
  if (mine.heat) pictures.push(h("figure", {}, h("img", { class: "heat", src: mine.heat, alt: "The table as it is now" }), h("figcaption", {}, "The table as it is now")));
  if (mine.matrices) pictures.push(h("figure", {}, h("img", { class: "strip", src: mine.matrices, alt: "Matrices of the first rows" }), h("figcaption", {}, "Matrices of the first rows")));
  fill(target,
    h("p", { class: mine.failed ? "problem" : "run-text", id: "run-text", role: "status" }, shown(mine.text)),
    mine.history.length > 1 ? curves(mine.history) : null,
    pictures.length ? h("div", { class: "live" }, pictures) : null,
    mine.files.length ? h("div", { class: "files" }, h("span", { class: "quiet" }, "Files"),
      mine.files.map((name) => h("a", { class: "file", href: `/api/runs/${mine.id}/files/${encodeURIComponent(name)}?download`, download: name }, cut(name, 40))),
      mine.files.includes("report.html") ? h("a", { class: "file open-report", href: `/api/runs/${mine.id}/files/report.html`, target: "_blank", rel: "noopener" }, "Open the report") : null) : null);
}

const WIDTH = 120;
const HEIGHT = 44;

/** Four small curves of the course of learning. */
function curves(history) {
  const last = history[history.length - 1];
  return h("div", { class: "curves", role: "img", "aria-label": `curves of learning: step ${last.step}, fit ${Math.round((last.fit ?? 0) * 100)} %` },
    CURVES.map(([name, title, scale, format]) => {
      const points = history.map((each) => [each.step, each[name]]).filter(([, value]) => value !== null && value !== undefined && (scale || value > 0));
      const drawing = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
      if (points.length > 1) {
        const value = (v) => (scale ? v : Math.log10(v));
        const low = scale ? scale[0] : Math.min(...points.map(([, v]) => value(v)));
        const high = scale?.[1] ?? Math.max(...points.map(([, v]) => value(v)), scale ? 4 : low + 1);
        const end = points[points.length - 1][0] || 1;
        const place_ = ([step, v]) => `${((step / end) * WIDTH).toFixed(1)},${(HEIGHT - 2 - ((value(v) - low) / (high - low || 1)) * (HEIGHT - 4)).toFixed(1)}`;
        drawing.append(s("polyline", { points: points.map(place_).join(" ") }));
      }
      const now = points.length ? format(points[points.length - 1][1]) : "";
      return h("div", { class: "curve" }, h("span", {}, title, h("b", {}, now)), drawing);
    }));
}
