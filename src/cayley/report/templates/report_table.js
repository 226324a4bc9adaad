// The table: only what is seen of a large one is in the document.
const table = $("cells"), box = $("box");
const view = { structure: true, large: false, before: false, printed: false, at: [0, 0], window: null };
const virtual = R * C > 4096; // order 64: so many cells scroll without a delay
const ruler = document.createElement("canvas").getContext("2d");
const widest = (texts, size, weight = 400) => {
  ruler.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  return Math.max(0, ...texts.map(text => ruler.measureText(text).width));
};
// A label in two lines: at the blank or between the brackets nearest to its middle.
const broken = text => {
  const places = [...text.matchAll(/\s|(?<=\))(?=\()/g)].map(found => found.index);
  if (!places.length) return [text];
  const middle = text.length / 2, at = places.reduce((x, y) => (Math.abs(y - middle) < Math.abs(x - middle) ? y : x));
  return [text.slice(0, at).trimEnd(), text.slice(at).trimStart()];
};
const halves = D.symbols.map(broken);
let look = null;

const rowsNow = () => (view.structure ? D.rowOrder : D.rows.map((_, a) => a));
const columnsNow = () => (view.structure ? D.columnOrder : D.columns.map((_, b) => b));

const measure = () => {
  const room = view.printed ? 660 : box.parentElement.clientWidth - 4; // on A4 between the margins
  const head = Math.ceil(Math.min(widest(D.rows, 13, 600), view.large ? 260 : Math.max(70, 0.2 * room))) + 12;
  if (view.large && !view.printed) {
    const width = Math.ceil(Math.min(180, Math.max(40, widest(D.symbols, 14) + 22, widest(D.columns, 13, 600) + 12)));
    return { head, width, height: 32, size: 14, lines: 1 };
  }
  const least = view.printed ? 7 : virtual ? 14 : 16;
  const width = Math.max(least, Math.min(84, Math.floor((room - head) / C)));
  for (const size of [14, 13, 12, 11])
    if (widest(D.symbols, size) + 8 <= width) return { head, width, height: Math.max(26, Math.min(34, width)), size, lines: 1 };
  for (const size of [11, 10, 9])
    if (widest(halves.flat(), size) + 3 <= width) return { head, width, height: Math.ceil(2.2 * size) + 4, size, lines: 2 };
  return { head, width, height: Math.min(width, 26), size: Math.min(11, width - 5), lines: 0 };
};

const drawTable = () => {
  look = measure();
  const columns = columnsNow();
  table.className = `drawn${virtual ? " virtual" : ""}${coloring.name === "why" ? " by-why" : ""}`;
  table.setAttribute("role", "grid");
  table.setAttribute("aria-rowcount", R + 1);
  table.setAttribute("aria-colcount", C + 1);
  table.tabIndex = 0;
  box.removeAttribute("tabindex"); // the table takes the keys, and scrolls
  table.style.width = `${look.head + C * look.width}px`;
  table.style.fontSize = `${look.size}px`;
  const group = make("colgroup");
  for (let j = 0; j <= C; j += 1) {
    const column = make("col");
    column.style.width = `${j ? look.width : look.head}px`;
    group.append(column);
  }
  const head = make("tr", { "aria-rowindex": 1 }, make("th", { scope: "col", title: "row ∘ column", "aria-colindex": 1 }, "∘"));
  const upright = widest(D.columns, 12, 600) + 6 > look.width;
  columns.forEach((b, j) => {
    const th = make("th", { scope: "col", title: D.columns[b], class: `${upright ? "tall" : ""}${edge(j) ? " edge" : ""}`, "aria-colindex": j + 2 }, make("span", {}, short(D.columns[b], 40)));
    th.dataset.headColumn = b;
    th.style.fontSize = `${Math.min(12, Math.max(9, look.width - 4))}px`;
    head.append(th);
  });
  table.replaceChildren(group, make("thead", {}, head), make("tbody"));
  view.window = null;
  drawRows();
};
const cuts = new Set(D.cuts);
const edge = place => view.structure && cuts.has(place + 1); // a new block begins after it

const drawRows = () => {
  let [top, bottom, left, right] = [0, R, 0, C];
  if (virtual) {
    const more = 8; // rows and columns beyond the edges, so that scrolling shows no gap
    const inside = (from, size, room, count) => [Math.max(0, Math.floor(from / size) - more), Math.min(count, Math.ceil((from + room) / size) + more)];
    // Before the first row is drawn the box is still flat: what it can grow to counts.
    const [wide, tall] = [box.parentElement.clientWidth, Math.max(box.clientHeight, innerHeight)];
    [top, bottom] = inside(box.scrollTop, look.height, tall, R);
    [left, right] = inside(box.scrollLeft, look.width, wide, C);
    const old = view.window;
    const [y, x] = [Math.floor(box.scrollTop / look.height), Math.floor(box.scrollLeft / look.width)];
    const [yy, xx] = [y + box.clientHeight / look.height, x + box.clientWidth / look.width];
    if (old && (old[0] === 0 || old[0] <= y - 1) && (old[1] === R || old[1] >= yy + 1) && (old[2] === 0 || old[2] <= x - 1) && (old[3] === C || old[3] >= xx + 1)) return;
    view.window = [top, bottom, left, right];
  }
  const rows = rowsNow(), columns = columnsNow(), lines = [];
  const gap = (span, height) => {
    const td = make("td", { class: "gap", colSpan: span, "aria-hidden": "true" });
    if (height) td.style.height = `${height}px`;
    return td;
  };
  if (top > 0) lines.push(make("tr", { "aria-hidden": "true" }, gap(C + 1, top * look.height)));
  for (let i = top; i < bottom; i += 1) {
    const a = rows[i];
    const th = make("th", { scope: "row", title: D.rows[a], "aria-colindex": 1 }, short(D.rows[a], 60));
    th.dataset.headRow = a;
    th.style.fontSize = `${Math.min(13, look.height - 4)}px`;
    const tr = make("tr", { "aria-rowindex": i + 2, class: edge(i) ? "cut" : "" }, th);
    tr.style.height = `${look.height}px`;
    if (left > 0) tr.append(gap(left));
    for (let j = left; j < right; j += 1) tr.append(cellFor(a, columns[j], j));
    if (right < C) tr.append(gap(C - right));
    lines.push(tr);
  }
  if (bottom < R) lines.push(make("tr", { "aria-hidden": "true" }, gap(C + 1, (R - bottom) * look.height)));
  table.tBodies[0].replaceChildren(...lines);
  markTable();
};

const cellFor = (a, b, j) => {
  const kind = kindAt(a, b), z = view.before ? givenAt(a, b) : valueAt(a, b);
  const shown = view.before && kind !== SUSPECT && z >= 0 ? 0 : view.before && z < 0 ? UNKNOWN : kind;
  const td = make("td", { class: `${D.kinds[shown].name}${z >= 0 ? ` e${z}` : ""}${edge(j) ? " edge" : ""}`, "aria-colindex": j + 2 });
  td.dataset.row = a;
  td.dataset.column = b;
  td.dataset.value = z;
  if (z >= 0) {
    if (look.lines === 2 && halves[z].length === 2) td.append(halves[z][0], make("br"), halves[z][1]);
    else if (look.lines) td.append(short(nameOf(z), 40));
    else td.append(make("span", { class: "sr" }, nameOf(z)));
  }
  const mark = view.before && shown !== UNKNOWN ? "" : D.kinds[shown].mark;
  if (mark) td.append(make("i", {}, mark));
  return td;
};
const cellAt = (a, b) => table.querySelector(`td[data-row="${a}"][data-column="${b}"]`);

const goTo = (i, j) => {
  view.at = [Math.max(0, Math.min(R - 1, i)), Math.max(0, Math.min(C - 1, j))];
  [i, j] = view.at;
  const headHeight = table.tHead.offsetHeight;
  const [y, x] = [i * look.height, j * look.width];
  if (y < box.scrollTop) box.scrollTop = y;
  else if (y + look.height + headHeight > box.scrollTop + box.clientHeight) box.scrollTop = y + look.height + headHeight - box.clientHeight;
  if (x < box.scrollLeft) box.scrollLeft = x;
  else if (x + look.width + look.head > box.scrollLeft + box.clientWidth) box.scrollLeft = x + look.width + look.head - box.clientWidth;
  drawRows();
  select(product(rowsNow()[i], columnsNow()[j]), { spoken: true });
};

table.addEventListener("keydown", event => {
  const [i, j] = view.at, page = Math.max(1, Math.floor(box.clientHeight / look.height) - 2);
  const far = event.ctrlKey || event.metaKey;
  const to = { ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1], PageUp: [i - page, j],
    PageDown: [i + page, j], Home: [far ? 0 : i, 0], End: [far ? R - 1 : i, C - 1] }[event.key];
  if (to) {
    event.preventDefault();
    goTo(...to);
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    keep(product(rowsNow()[i], columnsNow()[j]));
  }
});
table.addEventListener("focus", () => { if (!state.kept && table.matches(":focus-visible")) goTo(...view.at); });
box.addEventListener("scroll", () => { if (virtual) requestAnimationFrame(drawRows); }, { passive: true });

