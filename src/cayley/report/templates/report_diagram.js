// The Cayley diagram on generators that the reader picks: cosets of one generator as rings, arrows from the table.
const diagram = $("picture-cayley-graph")?.querySelector(".canvas") ?? null;
const LINES = [["#0072b2", ""], ["#d55e00", "7 4"], ["#009e73", "2 4"], ["#b0588c", "9 3 2 3"], ["#b07d00", ""], ["#3f8fc4", "7 4"]];
const SVG = "http://www.w3.org/2000/svg";
const draw = (tag, attributes, ...children) => {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
};
const MOST_LABELED = 36; // more labels beside their points run into each other
let generators = [], places = [], radius = 8;
const first = { svg: null, generators: [], lines: new Map() }; // the diagram as the page came, which is laid out with more care

const lineOf = (g, k) => first.lines.get(g) ?? LINES[k % LINES.length];
const startDiagram = () => {
  if (!diagram || !D.group || identity < 0) return;
  for (const node of diagram.querySelectorAll("[data-generator][data-from]")) {
    const g = Number(node.dataset.generator), stroke = node.closest("[stroke]")?.getAttribute("stroke");
    if (stroke && !first.lines.has(g)) first.lines.set(g, [stroke, node.closest("[stroke]").getAttribute("stroke-dasharray") ?? ""]);
  }
  generators = [...first.lines.keys()];
  Object.assign(first, { svg: diagram.querySelector("svg"), generators });
  readPlaces();
  $("generators").hidden = false;
  drawPicks();
  if (!places.length) redraw();
};
const readPlaces = () => {
  places = [];
  for (const node of diagram.querySelectorAll("circle[data-element]")) {
    places[node.dataset.element] = [Number(node.getAttribute("cx")), Number(node.getAttribute("cy"))];
    radius = Number(node.getAttribute("r"));
  }
};

const drawPicks = () => {
  const chip = (g, k) => {
    const line = make("span", { class: "line" });
    line.style.borderColor = lineOf(g, k)[0];
    line.style.borderTopStyle = lineOf(g, k)[1] ? "dashed" : "solid";
    const button = make("button", { type: "button", title: "take this generator away", "aria-label": `take the generator ${nameOf(g)} away` }, line, `${short(nameOf(g), 24)} ×`);
    button.addEventListener("click", () => pick(generators.filter(each => each !== g)));
    return button;
  };
  const more = make("select", { "aria-label": "add a generator" }, make("option", { value: "" }, "add a generator"),
    ...D.symbolOrder.filter(g => g !== identity && !generators.includes(g)).map(g => make("option", { value: g }, nameOf(g))));
  more.addEventListener("change", () => { if (more.value !== "") pick([...generators, Number(more.value)]); });
  $("generators").replaceChildren("Generators:", ...generators.map(chip), ...(generators.length < LINES.length ? [more] : []));
};
const pick = chosen => {
  generators = chosen;
  drawPicks();
  redraw();
  const reached = ways().filter(way => way !== undefined).length;
  say(`Generators ${listed(chosen) || "none"}: they reach ${reached} of ${N} elements.`);
  $("generators").querySelector("select")?.focus();
};

// Rings: the powers of the generator of largest order; of two involutions the steps by turns.
const rings = () => {
  const sorted = [...generators].sort((g, h) => orderOf(h) - orderOf(g));
  let steps = [sorted[0]];
  if (sorted.length > 1 && orderOf(sorted[0]) === 2) steps = [sorted[0], sorted[1]];
  const seen = new Set(), found = [];
  const ring = start => {
    const members = [];
    for (let x = start, k = 0; !members.includes(x); k += 1) {
      members.push(x);
      seen.add(x);
      x = times(x, steps[k % steps.length]);
    }
    return members;
  };
  const rest = generators.filter(g => !steps.includes(g));
  const queue = [identity, ...D.symbolOrder];
  for (let at = 0; at < queue.length; at += 1) {
    if (seen.has(queue[at])) continue;
    const members = ring(queue[at]);
    found.push(members);
    for (const g of rest) queue.splice(at + 1, 0, times(members[0], g)); // the neighbors come next
  }
  return found;
};
const SIDE = 560, MIDDLE = SIDE / 2, MARGIN = 46;
const layout = () => {
  if (!generators.length) {
    D.symbolOrder.forEach((z, k) => { places[z] = onCircle(MIDDLE, MIDDLE, MIDDLE - MARGIN, k / N); });
    return MIDDLE - MARGIN;
  }
  const all = rings(), outer = MIDDLE - MARGIN, m = Math.max(...all.map(ring => ring.length));
  places = [];
  const concentric = all.length <= 3 && m >= 3;
  const wheel = concentric ? 0 : outer / (1 + Math.sin(Math.PI / all.length) * 0.8);
  const small = concentric ? outer : Math.max(outer - wheel, 4);
  all.forEach((ring, k) => {
    const [x, y] = concentric || all.length === 1 ? [MIDDLE, MIDDLE] : onCircle(MIDDLE, MIDDLE, wheel, k / all.length);
    const size = concentric ? outer * (1 - 0.33 * k) : ring.length === 1 ? 0 : all.length === 1 ? outer : small;
    // Of all turns and both directions the one with the shortest arrows to what is placed already.
    let best = null;
    for (const way of [1, -1]) for (let turn = 0; turn < ring.length; turn += 1) {
      const at = ring.map((_, i) => onCircle(x, y, size, k / (concentric ? Infinity : all.length) + (way * i + turn) / ring.length));
      let cost = 0;
      ring.forEach((z, i) => {
        for (const g of generators) for (const other of [times(z, g), times(z, inverse(g))])
          if (places[other]) cost += (places[other][0] - at[i][0]) ** 2 + (places[other][1] - at[i][1]) ** 2;
      });
      if (best === null || cost < best.cost - 1e-6) best = { cost, at };
    }
    ring.forEach((z, i) => { places[z] = best.at[i]; });
  });
  return concentric ? outer * 0.33 : small;
};
const onCircle = (x, y, size, part) => [x + size * Math.sin(2 * Math.PI * part), y - size * Math.cos(2 * Math.PI * part)];

const redraw = () => {
  if (first.generators.length && sorted(generators) === sorted(first.generators)) {
    diagram.replaceChildren(first.svg);
    readPlaces();
    recolor();
    show();
    return;
  }
  layout();
  let least = Infinity;
  for (let x = 0; x < N; x += 1) for (let y = 0; y < x; y += 1) least = Math.min(least, Math.hypot(places[x][0] - places[y][0], places[x][1] - places[y][1]));
  radius = Math.max(2.5, Math.min(15, 0.36 * least));
  const svg = draw("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, width: SIDE, height: SIDE, role: "img", "aria-labelledby": "title-cayley-graph", fill: "none" });
  generators.forEach((g, k) => {
    const [color, dash] = lineOf(g, k), isInvolution = times(g, g) === identity;
    for (const x of everyone) {
      const y = times(x, g);
      if (isInvolution && y < x) continue;
      const [d, head] = arrow(places[x], places[y], !isInvolution);
      const title = draw("title", {}, `${nameOf(x)} ∘ ${nameOf(g)} = ${nameOf(y)}`);
      const path = draw("path", { d, stroke: color, "stroke-width": 1.8, "data-from": x, "data-to": y, "data-generator": g }, title);
      if (dash) path.setAttribute("stroke-dasharray", dash);
      svg.append(path);
      if (head) svg.append(draw("path", { d: head, fill: color, "data-from": x, "data-to": y, "data-generator": g }));
    }
  });
  for (const z of everyone) {
    const [x, y] = places[z], text = nameOf(z);
    svg.append(draw("circle", { cx: x, cy: y, r: radius, fill: D.colors[z], stroke: "currentColor", "stroke-width": z === identity ? 2.5 : 1, "data-element": z }, draw("title", {}, text)));
    const size = Math.min(12, radius), inside = widest([text], size) <= 1.8 * radius;
    if (inside) svg.append(draw("text", { x, y: y + 0.35 * size, "font-size": size, "text-anchor": "middle", fill: inkOn(D.colors[z]), "data-element": z }, text));
    else if (N <= MOST_LABELED) {
      const length = Math.hypot(x - MIDDLE, y - MIDDLE) || 1, [u, v] = [(x - MIDDLE) / length, (y - MIDDLE) / length];
      const anchor = u > 0.3 ? "start" : u < -0.3 ? "end" : "middle";
      svg.append(draw("text", { x: x + u * (radius + 3), y: y + v * (radius + 9) + 4, "font-size": 11, "text-anchor": anchor, fill: "currentColor", stroke: "var(--paper)", "stroke-width": 3, "paint-order": "stroke", "data-element": z }, short(text, 14)));
    }
  }
  diagram.replaceChildren(svg);
  recolor();
  show();
};
// A line bent a little to its right, so that two between the same points are two; and its head.
const arrow = ([x, y], [u, v], hasHead) => {
  const length = Math.hypot(u - x, v - y) || 1, [dx, dy] = [(u - x) / length, (v - y) / length];
  const bend = hasHead ? Math.min(0.12 * length, 26) : Math.min(0.04 * length, 8);
  const [p, q] = [(x + u) / 2 - dy * bend, (y + v) / 2 + dx * bend];
  const tip = Math.hypot(u - p, v - q) || 1, [ex, ey] = [(u - p) / tip, (v - q) / tip];
  const [hx, hy] = [u - ex * (radius + 1), v - ey * (radius + 1)];
  if (!hasHead) return [`M${x} ${y}Q${p} ${q} ${u} ${v}`, ""];
  const [bx, by] = [hx - 7 * ex, hy - 7 * ey];
  return [`M${x} ${y}Q${p} ${q} ${bx} ${by}`, `M${hx} ${hy}L${bx - 3.2 * ey} ${by + 3.2 * ex}L${bx + 3.2 * ey} ${by - 3.2 * ex}Z`];
};

// From x to x∘y along the generators: a shortest word for y.
let known = { of: null, words: [] };
const ways = () => {
  if (known.of === generators) return known.words;
  const found = [];
  found[identity] = [];
  const queue = [identity];
  for (const x of queue) for (const g of generators) for (const step of [g, inverse(g)]) {
    const y = times(x, step);
    if (found[y] === undefined) {
      found[y] = [...found[x], step];
      queue.push(y);
    }
  }
  known = { of: generators, words: found };
  return found;
};
const showWay = thing => {
  if (!diagram || identity < 0) return;
  diagram.querySelectorAll(".way").forEach(node => node.remove());
  if (!thing || thing.x === undefined || thing.x < 0 || thing.y < 0 || thing.c < 0 || !places.length) return;
  const word = ways()[thing.y], svg = diagram.querySelector("svg");
  if (!word || !svg) return;
  let x = thing.x;
  for (const step of word) {
    const y = times(x, step);
    if (!places[x] || !places[y]) return;
    // Along the arrow that is there, whichever way it points.
    const [p, q] = times(x, step) === y && generators.includes(step) ? [x, y] : [y, x];
    const there = diagram.querySelector(`path[data-from="${p}"][data-to="${q}"]`) ?? diagram.querySelector(`path[data-from="${q}"][data-to="${p}"]`);
    const d = there?.getAttribute("d") ?? arrow(places[x], places[y], true)[0];
    svg.append(draw("path", { d, class: "way step" }));
    x = y;
  }
};

