"use strict";
// Grids: point, arrow keys, edit in place. Two events tell the server about it.
(() => {
  const address = cell => ({
    grid: cell.closest("table").dataset.grid,
    a: Number(cell.parentNode.dataset.i),
    b: Number(cell.dataset.j),
  });
  const select = cell => {
    const table = cell.closest("table");
    for (const old of table.querySelectorAll(".here, [tabindex='0']")) {
      old.classList.remove("here");
      if (old.tagName === "TD") old.tabIndex = -1;
    }
    cell.tabIndex = 0;
    cell.classList.add("here");
    cell.parentNode.cells[0].classList.add("here");
    table.tHead.rows[0].cells[cell.cellIndex].classList.add("here");
    cell.focus();
    emitEvent("cayley-cell", address(cell));
  };
  const editable = cell => cell.closest("table").dataset.grid === "input";
  const commit = (cell, value) => {
    cell.textContent = value || "?";
    cell.className = value ? "observed here" : "unknown here";
    emitEvent("cayley-edit", { ...address(cell), value });
  };
  const edit = (cell, start) => {
    if (cell.querySelector("input")) return;
    const before = cell.textContent;
    const input = document.createElement("input");
    input.setAttribute("list", "symbols");
    input.setAttribute("aria-label", "symbol of this cell, empty for unknown");
    input.value = start ?? (cell.classList.contains("unknown") ? "" : before);
    cell.replaceChildren(input);
    input.focus();
    let over = false;
    const end = keep => {
      if (over) return;
      over = true;
      if (keep && input.value !== (before === "?" ? "" : before)) commit(cell, input.value);
      else cell.textContent = before;
    };
    input.addEventListener("blur", () => end(true));
    input.addEventListener("keydown", event => {
      event.stopPropagation();
      if (event.key === "Enter" || event.key === "Escape") {
        end(event.key === "Enter");
        cell.focus();
      }
    });
  };
  document.addEventListener("click", event => {
    const cell = event.target.closest("table.grid td");
    if (cell && event.target.tagName !== "INPUT") select(cell);
  });
  document.addEventListener("dblclick", event => {
    const cell = event.target.closest("table.grid td");
    if (cell && editable(cell)) edit(cell);
  });
  document.addEventListener("keydown", event => {
    const cell = event.target.closest("table.grid td");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const body = cell.closest("tbody"), i = cell.parentNode.sectionRowIndex, j = cell.cellIndex;
    const last = cell.parentNode.cells.length - 1;
    const to = { ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1],
      Home: [i, 1], End: [i, last] }[event.key];
    if (to) {
      event.preventDefault();
      const next = body.rows[to[0]] && body.rows[to[0]].cells[to[1]];
      if (next && next.tagName === "TD") select(next);
    } else if (editable(cell) && (event.key === "Delete" || event.key === "Backspace")) {
      event.preventDefault();
      commit(cell, "");
    } else if (editable(cell) && (event.key === "Enter" || event.key === "F2")) {
      event.preventDefault();
      edit(cell);
    } else if (editable(cell) && event.key.length === 1) {
      event.preventDefault();
      edit(cell, event.key);
    }
  });

  // Uploads: the file's bytes and its name, of which only the ending matters.
  document.addEventListener("change", async event => {
    const input = event.target;
    if (!input.matches || !input.matches("input[data-upload]") || !input.files.length) return;
    const file = input.files[0];
    if (file.size > Number(input.dataset.limit)) {
      emitEvent("cayley-refused", { size: file.size });
    } else {
      const name = encodeURIComponent(file.name.slice(-100));
      const answer = await fetch(`${input.dataset.upload}?name=${name}`, { method: "POST", body: file })
        .catch(() => null);
      if (!answer || !answer.ok) emitEvent("cayley-refused", { size: file.size });
    }
    input.value = "";
  });
})();
