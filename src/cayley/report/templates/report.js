"use strict";
(() => {
  const table = document.getElementById("cells");
  if (!table) return;
  const body = table.tBodies[0];
  const head = table.tHead.rows[0];
  const detail = document.getElementById("detail");
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const long = new Map([...document.querySelectorAll("#symbols li")].map(i => [i.value, i.textContent]));
  const meaning = {};
  for (const item of document.querySelectorAll("#legend li")) meaning[item.dataset.kind] = item.dataset.meaning;

  const kindOf = cell => cell.className.split(" ")[0];
  const symbolOf = cell => cell.dataset.s ? long.get(Number(cell.dataset.s)) : cell.firstChild.data;
  const cellAt = (i, j) => body.rows[i] && body.rows[i].cells[j];
  const describe = cell => {
    const row = cell.parentNode.cells[0].title, column = head.cells[cell.cellIndex].title;
    const kind = kindOf(cell);
    let text = `${row} ∘ ${column} = ${symbolOf(cell)}: ${kind}, ${meaning[kind]}`;
    if (cell.dataset.given) text += `; given as ${cell.dataset.given}`;
    if (cell.dataset.margin) text += `; margin ${cell.dataset.margin}`;
    return text;
  };

  let current = cellAt(0, 1);
  const show = cell => {
    for (const old of table.querySelectorAll(".here")) old.classList.remove("here");
    cell.parentNode.cells[0].classList.add("here");
    head.cells[cell.cellIndex].classList.add("here");
    detail.textContent = describe(cell);
  };
  const focus = (cell, still = false) => {
    if (!cell || cell.tagName !== "TD") return;
    current.tabIndex = -1;
    current.removeAttribute("aria-describedby");
    current = cell;
    show(cell);
    cell.tabIndex = 0;
    cell.setAttribute("aria-describedby", "detail");
    cell.focus({ preventScroll: still });
  };
  for (const cell of body.querySelectorAll("td")) cell.tabIndex = -1;
  current.tabIndex = 0;
  table.addEventListener("mousemove", event => {
    const cell = event.target.closest("td");
    if (cell && (event.movementX || event.movementY)) show(cell); // not when the page moves under it
  });
  table.addEventListener("click", event => focus(event.target.closest("td"), true));
  table.addEventListener("focusin", event => {
    const cell = event.target.closest("td");
    if (cell) show(cell);
  });
  table.addEventListener("keydown", event => {
    const cell = event.target.closest("td");
    if (!cell) return;
    const i = cell.parentNode.sectionRowIndex, j = cell.cellIndex, last = cell.parentNode.cells.length - 1;
    const to = { ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1],
      Home: [i, 1], End: [i, last] }[event.key];
    if (!to) return;
    event.preventDefault();
    focus(cellAt(...to));
  });

  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    const cells = [...body.querySelectorAll("td")];
    const labels = cells.map(cell => symbolOf(cell).toLowerCase());
    const exact = labels.includes(wanted);
    let count = 0;
    cells.forEach((cell, i) => {
      const hit = wanted !== "" && (exact ? labels[i] === wanted : labels[i].includes(wanted));
      cell.classList.toggle("hit", hit);
      count += hit;
    });
    found.textContent = wanted === "" ? "" : `${count} ${count === 1 ? "cell" : "cells"}`;
  });
  search.addEventListener("keydown", event => {
    if (event.key === "Enter") focus(body.querySelector("td.hit"));
  });

  const sorted = [...body.rows];
  const order = [...head.cells].slice(1).map(cell => Number(cell.dataset.i));
  const arrange = asGiven => {
    table.classList.toggle("as-given", asGiven);
    const rows = asGiven ? [...sorted].sort((a, b) => a.dataset.i - b.dataset.i) : sorted;
    body.append(...rows);
    for (const row of [head, ...rows]) {
      const cells = row.sortedCells || (row.sortedCells = [...row.cells].slice(1));
      const places = cells.map((_, k) => k);
      if (asGiven) places.sort((k, l) => order[k] - order[l]);
      row.append(...places.map(k => cells[k]));
    }
  };
  const before = yes => {
    table.classList.toggle("before", yes);
    for (const cell of body.querySelectorAll("td:not(.observed)")) {
      cell.dataset.after ??= cell.firstChild.data;
      cell.firstChild.data = yes ? cell.dataset.given || "" : cell.dataset.after;
    }
  };
  for (const input of document.querySelectorAll("input[name=order]"))
    input.addEventListener("change", () => arrange(input.value === "given"));
  for (const input of document.querySelectorAll("input[name=view]"))
    input.addEventListener("change", () => before(input.value === "before"));
  document.getElementById("controls").hidden = false;
})();
