// Matrices on demand: those of a, of b and of their product, drawn when they are pointed at.
const M = D.matrices;
const signed = text => new Int8Array(bytes(text).buffer);
const stages = [];
const identityStage = z => z;
const fillStages = () => {
  if (!M) return;
  const add = (name, about) => stages.push({ name, ...about });
  if (M.learned) {
    const [A, B, S] = M.learned.map(part => ({ ...part, entries: signed(part.values) }));
    add("as learned: A, B, C", { of: place => picture([A, B, S][place], place), by: "place" });
  }
  if (M.fixed) {
    const F = { ...M.fixed, entries: signed(M.fixed.values) };
    add("gauge fixed", { of: () => picture(F, 0), by: "row" });
  }
  if (M.irreducible) {
    const parts = M.irreducible.map(part => ({ ...part, entries: signed(part.values), other: part.imaginary ? signed(part.imaginary) : null }));
    if (parts.length > 1) add("all irreducible blocks", { of: () => z => blocks(parts, z), by: "element" });
    parts.forEach((part, k) => {
      if (part.size[0] > 1 || part.other) add(`irreducible ${k + 1}, degree ${part.size[0]}`, { of: () => z => blocks([part], z), by: "element" });
    });
  }
  if (D.group && N <= 200) add("permutation matrices", { of: () => regular, by: "element" });
  stages.forEach((stage, k) => $("stage").append(make("option", { value: k }, stage.name)));
  $("matrix-tools").hidden = stages.length < 2;
  $("stage").addEventListener("change", () => { showMatrices(current()); });
};
// Each returns width, height and a function for the entry, from -1 to 1.
const picture = part => z => {
  const [h, w] = part.size, start = z * h * w;
  return { w, h, at: (i, j) => part.entries[start + i * w + j] / 127 };
};
const blocks = (parts, z) => {
  const size = parts.reduce((sum, part) => sum + part.size[0], 0), starts = [];
  parts.reduce((sum, part) => (starts.push(sum), sum + part.size[0]), 0);
  const complex = parts.some(part => part.other);
  const entry = (list, i, j) => {
    for (let k = 0; k < parts.length; k += 1) {
      const d = parts[k].size[0], u = i - starts[k], v = j - starts[k];
      if (u >= 0 && v >= 0 && u < d && v < d) return list(parts[k]) ? list(parts[k])[z * d * d + u * d + v] / 127 : 0;
    }
    return null; // outside of all blocks
  };
  const at = (i, j) => (complex && j > size ? entry(part => part.other, i, j - size - 1) : complex && j === size ? null : entry(part => part.entries, i, j));
  return { w: complex ? 2 * size + 1 : size, h: size, at };
};
const regular = z => ({ w: N, h: N, at: (i, j) => (times(z, D.symbolOrder[j]) === D.symbolOrder[i] ? 1 : 0) });

const blend = (t, [r, g, b]) => [255 + (r - 255) * t, 255 + (g - 255) * t, 255 + (b - 255) * t];
const paintMatrix = ({ w, h, at }) => {
  const scale = Math.max(1, Math.floor(144 / Math.max(w, h)));
  const canvas = make("canvas", { width: w * scale, height: h * scale });
  const context = canvas.getContext("2d");
  for (let i = 0; i < h; i += 1) for (let j = 0; j < w; j += 1) {
    const value = at(i, j);
    if (value === null) {
      context.fillStyle = "#eceff2";
    } else {
      const [r, g, b] = blend(Math.min(1, Math.abs(value)), value < 0 ? [179, 88, 6] : [84, 39, 136]); // the ends of the scale PuOr
      context.fillStyle = `rgb(${r},${g},${b})`;
    }
    context.fillRect(j * scale, i * scale, scale, scale);
  }
  return canvas;
};

let shownMatrices = "";
const showMatrices = thing => {
  const holder = $("mats");
  if (!holder || !stages.length) return;
  const stage = stages[Number($("stage").value) || 0];
  thing ??= identity >= 0 ? element(identity) : D.rowElement ? element(D.symbolOrder[0]) : product(0, 0);
  if (thing.elements) return;
  const key = JSON.stringify([stage.name, thing.a, thing.b, thing.c, thing.z]);
  if (key === shownMatrices) return;
  shownMatrices = key;
  const one = (place, index, z, text, kind) => {
    const which = stage.by === "element" ? z : stage.by === "row" ? rowOf[z] ?? index : index;
    const canvas = which >= 0 ? paintMatrix(stage.of(place)(which)) : null;
    if (canvas) {
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `matrix of ${text}`);
    }
    return make("figure", {}, canvas ?? "not known", make("figcaption", {}, role(kind, text)));
  };
  const sign = text => make("span", { class: "op" }, text);
  if (thing.z !== undefined) {
    const places = stage.by === "place" && D.rowElement ? [[0, rowOf[thing.z]], [1, columnOf[thing.z]], [2, thing.z]] : [[0, rowOf[thing.z]]];
    holder.replaceChildren(...places.map(([place, index]) => one(place, index, thing.z, nameOf(thing.z), "result")));
    return;
  }
  const { a, b, c, x, y } = thing;
  holder.replaceChildren(one(0, a, x, D.rows[a], "left"), sign(stage.by === "place" ? "" : "·"), one(1, b, y, D.columns[b], "right"), sign(stage.by === "place" ? "→" : "="), one(2, c, c, nameOf(c), "result"));
};

