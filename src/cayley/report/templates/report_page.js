// The controls, and the start.
for (const input of document.querySelectorAll("#tools input[type=radio]"))
  input.addEventListener("change", () => {
    if (input.name === "side") {
      coloring.side = input.value;
      chooseColoring(coloring.name);
      return;
    }
    if (input.name === "view") view.before = input.value === "before";
    if (input.name === "order") view.structure = input.value === "structure";
    if (input.name === "size") view.large = input.value === "large";
    drawTable();
    show();
  });
$("coloring").addEventListener("change", () => { chooseColoring($("coloring").value); });
$("clear").addEventListener("click", () => { clear(); });

// A symbol is found by its whole label first, else by a part of it.
const find = () => {
  const wanted = $("search").value.trim().toLowerCase();
  const labels = D.symbols.map(label => label.toLowerCase());
  const exact = labels.indexOf(wanted);
  const hits = wanted === "" ? [] : exact >= 0 ? [exact] : everyone.filter(z => labels[z].includes(wanted));
  let count = 0;
  const inside = new Set(hits);
  for (let a = 0; a < R; a += 1) for (let b = 0; b < C; b += 1) count += inside.has(view.before ? givenAt(a, b) : valueAt(a, b));
  $("found").textContent = wanted === "" ? "" : `${count} ${count === 1 ? "cell" : "cells"}`;
  return hits.length === 1 ? element(hits[0]) : hits.length ? set(hits, "found") : null;
};
$("search").addEventListener("input", () => {
  state.kept = find();
  show();
});

$("theme").addEventListener("click", () => {
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  $("theme").textContent = isDark ? "dark" : "light";
});
if (matchMedia("(prefers-color-scheme: dark)").matches) $("theme").textContent = "light";
$("theme").hidden = false;

for (const row of document.querySelectorAll("#subgroups tr[data-choice]")) {
  const choice = D.subgroups[row.dataset.choice];
  if (choice.elements.length === N) continue;
  const button = make("button", { type: "button", "aria-label": `color the cosets of ${titleOfSubgroup(row.dataset.choice)}` }, row.cells[0].textContent);
  button.addEventListener("click", () => { chooseSubgroup(choice.elements); });
  row.cells[0].replaceChildren(button);
}
for (const head of document.querySelectorAll("#classes tr[data-block] th, #characters th[data-block]")) {
  const number = Number(head.dataset.block ?? head.parentNode.dataset.block);
  const part = D.partitions.find(each => each.name === "conjugacy classes");
  if (!part) continue;
  const button = make("button", { type: "button", "aria-label": `show the elements of ${part.names[number]}` }, head.textContent);
  button.addEventListener("click", () => { keep(set(part.blocks[number], part.names[number])); });
  head.replaceChildren(button);
}
$("overview")?.addEventListener("click", event => {
  const place = $("overview").getBoundingClientRect();
  goTo(Math.floor((event.clientY - place.top) / place.height * R), Math.floor((event.clientX - place.left) / place.width * C));
});

fillColoring();
fillStages();
drawTable();
startDiagram();
document.querySelectorAll(".picture .canvas").forEach(walkable);
$("tools").hidden = false;
$("hint").hidden = false;
show();
let width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return; // a phone's bars that come and go
  width = innerWidth;
  drawTable();
  show();
});
for (const [name, printed] of [["beforeprint", true], ["afterprint", false]])
  addEventListener(name, () => {
    view.printed = printed;
    drawTable();
  });
