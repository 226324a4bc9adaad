// What is pointed at, marked in the table and in every picture at once, and said in a sentence.
const state = { over: null, kept: null };
const product = (a, b) => {
  const c = view.before ? givenAt(a, b) : valueAt(a, b);
  return { a, b, c, x: D.rowElement ? D.rowElement[a] : -1, y: D.columnElement ? D.columnElement[b] : -1 };
};
const element = z => ({ z });
const set = (elements, name) => ({ elements, name });
const current = () => state.over ?? state.kept;

const select = (thing, { spoken = false } = {}) => {
  state.over = thing;
  show();
  if (spoken) say($("sentence").textContent);
};
const keep = thing => {
  state.kept = thing;
  state.over = null;
  show();
  say(thing ? `Kept: ${$("sentence").textContent}` : "Nothing is kept.");
};
const say = text => { $("spoken").textContent = text; };

const show = () => {
  const thing = current();
  $("bar").hidden = thing === null && !coloring.blocks;
  $("sentence").replaceChildren(...sentence(thing));
  markTable();
  markPictures();
  showMatrices(thing);
  showWay(thing);
};

const role = (kind, text) => make("span", { class: `role-${kind}` }, text);
const sentence = thing => {
  if (thing === null) return coloring.blocks ? [`Colored by ${coloringInWords()}.`] : [""];
  if (thing.elements) {
    const colored = coloring.subgroup !== null ? `; colored by the ${coloringInWords()}` : "";
    return [make("b", {}, `${thing.name}: `), `{${listed(thing.elements)}}`, make("span", { class: "why" }, colored)];
  }
  if (thing.z !== undefined) return [make("b", {}, role("result", nameOf(thing.z))), make("span", { class: "why" }, ` ${about(thing.z).join("; ")}`)];
  const { a, b, c } = thing, key = a * C + b, kind = view.before && c >= 0 ? OBSERVED : kindAt(a, b);
  const words = [`${D.kinds[kind].name}: ${D.kinds[kind].meaning}`, ...(kind === FORCED ? because(thing) : [])];
  if (differently.has(key)) words.push(`given as ${nameOf(differently.get(key))}`);
  if (margins.has(key)) words.push(`margin ${margins.get(key)}`);
  if (possible.has(key)) words.push(`it could be ${possible.get(key).map(nameOf).join(", ")}`);
  if (coloring.blockOf && c >= 0 && coloring.subgroup !== null) words.push(`in ${coloring.nameOfBlock(coloring.blockOf[c])}`);
  return [make("b", {}, role("left", D.rows[a]), " ∘ ", role("right", D.columns[b]), " = ", role("result", nameOf(c))), make("span", { class: "why" }, ` ${words.join("; ")}.`)];
};
// One step from given cells to a forced one, where the theory has the law; proofs of more steps are in the certificate.
const because = ({ x, y, c }) => {
  if (x < 0 || y < 0 || c < 0) return [];
  const says = (p, q) => (kindAt(rowOf[p], columnOf[q]) === OBSERVED ? times(p, q) : -1);
  const equation = (p, q) => `${nameOf(p)} ∘ ${nameOf(q)} = ${nameOf(times(p, q))}`;
  const given = (...pairs) => `since ${pairs.map(([p, q]) => equation(p, q)).join(" and ")} ${pairs.length > 1 ? "are" : "is"} given`;
  if (D.laws.commutative && says(y, x) === c) return [`${given([y, x])}; by commutativity`];
  if (!D.laws.associative) return [];
  for (const d of everyone) for (const e of everyone) {
    const product = says(d, e);
    if (product === y && says(x, d) >= 0 && says(says(x, d), e) === c) return [`${given([d, e], [x, d], [says(x, d), e])}; by associativity`];
    if (product === x && says(e, y) >= 0 && says(d, says(e, y)) === c) return [`${given([d, e], [e, y], [d, says(e, y)])}; by associativity`];
  }
  return ["in several steps"];
};
const coloringInWords = () => {
  const [kind, k] = coloring.name.split(":");
  return kind === "sub" ? `${coloring.side} cosets of ${titleOfSubgroup(k)}` : D.partitions[k].name;
};
const about = z => {
  const words = [];
  if (D.group) {
    if (z === identity) words.push("the identity");
    else if (identity >= 0) words.push(`order ${orderOf(z)}`, `inverse ${nameOf(inverse(z))}`);
  } else if (D.rowElement) {
    const square = times(z, z);
    if (square >= 0) words.push(square === z ? "idempotent" : `its square is ${nameOf(square)}`);
  }
  D.partitions.forEach(part => {
    const i = part.blocks.findIndex(block => block.includes(z));
    if (i >= 0 && part.name !== "orders of elements") words.push(`in ${part.names[i]}`);
  });
  if (coloring.subgroup !== null && coloring.blockOf) words.push(`in ${coloring.nameOfBlock(coloring.blockOf[z])}`);
  return words.length ? words : ["an element"];
};

const markTable = () => {
  const thing = current(), rows = rowsNow(), columns = columnsNow(), inside = thing?.elements && new Set(thing.elements);
  const [i, j] = view.at;
  table.removeAttribute("aria-activedescendant");
  for (const td of table.querySelectorAll("td[data-row]")) {
    const a = Number(td.dataset.row), b = Number(td.dataset.column), z = Number(td.dataset.value);
    const active = a === rows[i] && b === columns[j];
    td.classList.toggle("at", thing?.a === a && thing.b === b);
    td.classList.toggle("same", thing?.z !== undefined && thing.z === z);
    td.classList.toggle("pale", Boolean(inside) && !inside.has(z));
    td.classList.toggle("active", active);
    if (active) {
      td.id = "active";
      table.setAttribute("aria-activedescendant", "active");
    } else if (td.id) td.removeAttribute("id");
  }
  const isElement = (z, head) => thing && D.rowElement && (thing.z === z || inside?.has(z)) && head;
  for (const th of table.querySelectorAll("th[data-head-row]")) {
    const a = Number(th.dataset.headRow);
    th.classList.toggle("is-left", thing?.a === a);
    th.classList.toggle("is-result", Boolean(isElement(D.rowElement?.[a], true)));
  }
  for (const th of table.querySelectorAll("th[data-head-column]")) {
    const b = Number(th.dataset.headColumn);
    th.classList.toggle("is-right", thing?.b === b);
    th.classList.toggle("is-result", Boolean(isElement(D.columnElement?.[b], true)));
  }
};

const ROLES = ["is-left", "is-right", "is-result", "is-in"];
let marked = [];
const markPictures = () => {
  for (const node of marked) node.classList.remove(...ROLES);
  marked = [];
  const thing = current();
  if (!thing) return;
  const mark = (selector, name) => {
    for (const node of document.querySelectorAll(selector)) {
      node.classList.add(name);
      marked.push(node);
    }
  };
  if (thing.elements) {
    thing.elements.forEach(z => mark(`svg [data-element="${z}"]`, "is-in"));
    mark(`svg [data-elements="${sorted(thing.elements)}"]`, "is-in");
  }
  if (thing.z !== undefined) mark(`svg [data-element="${thing.z}"]`, "is-result");
  if (thing.a !== undefined) {
    mark(`svg [data-element="${thing.x}"]`, "is-left");
    mark(`svg [data-element="${thing.y}"]`, "is-right");
    mark(`svg [data-element="${thing.c}"]`, "is-result");
    mark(`svg [data-row="${thing.a}"][data-column="${thing.b}"]`, "is-result");
  }
};

// What a node of a picture, a cell or a heading stands for.
const thingAt = target => {
  const node = target.closest?.("[data-row][data-column], [data-from][data-generator], [data-element], [data-elements], [data-head-row], [data-head-column], tr[data-block], th[data-block]");
  if (!node) return null;
  const d = node.dataset;
  if (d.row !== undefined) return product(Number(d.row), Number(d.column));
  if (d.from !== undefined && rowOf[d.from] !== undefined && columnOf[d.generator] !== undefined) return product(rowOf[d.from], columnOf[d.generator]);
  if (d.element !== undefined) return element(Number(d.element));
  if (d.elements !== undefined) {
    const elements = d.elements.split(" ").filter(Boolean).map(Number);
    return { ...set(elements, nameOfSet(elements, d)), subgroup: d.subgroup !== undefined };
  }
  if (d.block !== undefined) {
    const part = D.partitions.find(each => each.name === "conjugacy classes");
    return part ? set(part.blocks[d.block], part.names[d.block]) : null;
  }
  if (!D.rowElement) return null;
  return element(d.headRow !== undefined ? D.rowElement[d.headRow] : D.columnElement[d.headColumn]);
};
const sorted = elements => [...elements].sort((x, y) => x - y).join(" ");
const nameOfSet = (elements, d) => {
  const wanted = sorted(elements);
  if (d.subgroup !== undefined) {
    const found = D.subgroups.find(each => sorted(each.elements) === wanted);
    return found ? `subgroup ${found.name}` : "subgroup";
  }
  for (const part of D.partitions) {
    const i = part.blocks.findIndex(block => sorted(block) === wanted);
    if (i >= 0) return part.names[i];
  }
  return d.class === undefined ? `${elements.length} elements` : "class";
};

document.addEventListener("mouseover", event => {
  if (!event.target.closest?.("main")) return;
  const thing = thingAt(event.target);
  if (thing || state.over) select(thing);
});
document.addEventListener("click", event => {
  if (event.target.closest?.("button, select, input, label, summary, a")) return;
  const thing = thingAt(event.target);
  if (!thing) return;
  if (thing.subgroup && chooseSubgroup(thing.elements) >= 0) return;
  if (thing.a !== undefined && event.target.closest("#cells"))
    view.at = [rowsNow().indexOf(thing.a), columnsNow().indexOf(thing.b)];
  keep(thing);
});
const clear = () => {
  state.over = state.kept = null;
  chooseColoring("element");
  say("Cleared.");
};
document.addEventListener("keydown", event => {
  if (event.key === "Escape") clear();
});

// With the keyboard: the arrow keys go through the nodes of a picture, Enter keeps one.
const walkable = holder => {
  const subgroups = [...holder.querySelectorAll("[data-subgroup][data-elements]")];
  const of = attribute => [...new Set([...holder.querySelectorAll(`[data-${attribute}]`)].map(node => node.getAttribute(`data-${attribute}`)))];
  const places = new Map(D.symbolOrder.map((z, k) => [String(z), k]));
  const nodes = subgroups.length ? of("elements") : of("element").sort((x, y) => places.get(x) - places.get(y));
  if (!nodes.length) return;
  let at = -1;
  holder.tabIndex = 0;
  holder.classList.add("focusable");
  holder.setAttribute("role", "group");
  holder.setAttribute("aria-description", "Arrow keys go through it, Enter keeps what is marked, Escape lets go.");
  const node = () => holder.querySelector(`[data-${subgroups.length ? "elements" : "element"}="${nodes[at]}"]`);
  holder.addEventListener("keydown", event => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      at = at < 0 ? 0 : (at + step + nodes.length) % nodes.length;
      select(thingAt(node()), { spoken: true });
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      node().dispatchEvent(new MouseEvent("click", { bubbles: true }));
    }
  });
};

