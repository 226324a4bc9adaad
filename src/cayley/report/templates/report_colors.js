// Colors of the elements: their own, by classes, by cosets of a subgroup, or of the cells by why they hold what they hold.
const root = document.documentElement;
const coloring = { name: "element", side: "left", blockOf: null, blocks: null, nameOfBlock: null, subgroup: null };
const luminance = color => [1, 3, 5].map(i => parseInt(color.slice(i, i + 2), 16) / 255)
  .map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const inkOn = color => (luminance(color) > 0.19 ? "#1c1c1c" : "#fefefe"); // at 0.19 both have a contrast of 4.5
const paint = colors => colors.forEach((color, i) => {
  root.style.setProperty(`--e${i}`, color);
  root.style.setProperty(`--i${i}`, inkOn(color));
});
const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const listed = elements => elements.map(nameOf).join(", ");
const titleOfSubgroup = k => {
  const { name, elements } = D.subgroups[k];
  return short(`${name} = {${listed(elements)}}`, 60);
};

const fillColoring = () => {
  const group = (label, entries) => {
    if (entries.length) $("coloring").append(make("optgroup", { label }, ...entries.map(([value, text]) => make("option", { value }, text))));
  };
  const why = new Set(D.provenance).size > 1 ? [["why", "why it is there"]] : [];
  group("Elements", [["element", "element"], ...why]);
  group("Classes", D.partitions.map((part, k) => [`part:${k}`, part.name]));
  group("Cosets of", D.subgroups.map((_, k) => [`sub:${k}`, titleOfSubgroup(k)]).filter((_, k) => D.subgroups[k].elements.length < N));
};

const recolor = () => {
  const [kind, k] = coloring.name.split(":");
  let colors = D.colors;
  Object.assign(coloring, { blockOf: null, blocks: null, nameOfBlock: null, subgroup: null });
  if (kind === "part") {
    const part = D.partitions[k];
    colors = part.colors;
    Object.assign(coloring, { blocks: part.blocks, nameOfBlock: i => part.names[i] });
  } else if (kind === "sub") {
    const { elements, name } = D.subgroups[k];
    const blocks = cosets(elements, coloring.side), palette = D.cosetColors[elements.length];
    colors = [];
    blocks.forEach((block, i) => block.forEach((x, j) => { colors[x] = palette[i * elements.length + j]; }));
    const coset = i => (coloring.side === "left" ? `${nameOf(blocks[i][0])}·${name}` : `${name}·${nameOf(blocks[i][0])}`);
    Object.assign(coloring, { blocks, subgroup: Number(k), nameOfBlock: i => (i ? `the coset ${coset(i)}` : `the subgroup ${name}`) });
  }
  if (coloring.blocks) {
    coloring.blockOf = [];
    coloring.blocks.forEach((block, i) => block.forEach(x => { coloring.blockOf[x] = i; }));
  }
  paint(colors);
  $("cells").classList.toggle("by-why", kind === "why");
  $("sides").hidden = kind !== "sub";
  if ($("coloring").value !== coloring.name) $("coloring").value = coloring.name;
  for (const row of document.querySelectorAll("#subgroups tr[data-choice]"))
    row.classList.toggle("picked", kind === "sub" && row.dataset.choice === k);
  tintPictures(kind !== "element" && kind !== "why");
};

// In pictures only shapes with the color of an element are recolored, and the letters on them.
const tintPictures = tinted => {
  for (const node of document.querySelectorAll("[data-tinted] svg [data-element]")) {
    const z = Number(node.dataset.element);
    const own = node.closest("[fill]")?.getAttribute("fill") ?? "none";
    if (!own.startsWith("#") || !(z >= 0)) continue;
    node.style.fill = tinted ? `var(--${node.tagName === "text" ? "i" : "e"}${z})` : "";
  }
};

const chooseColoring = name => {
  coloring.name = name;
  recolor();
  show();
};
const chooseSubgroup = elements => {
  const k = D.subgroups.findIndex(each => sorted(each.elements) === sorted(elements));
  if (k >= 0 && elements.length < N) {
    chooseColoring(`sub:${k}`);
    say(`Colored by the cosets of ${titleOfSubgroup(k)}.`);
  }
  return k;
};

