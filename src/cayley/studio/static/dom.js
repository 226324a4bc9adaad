// Elements made of names, attributes and texts. Nothing here, or anywhere in the page, parses data
// as HTML: labels are set as text.

// Controls that turn the direction of all text after them, also that outside of a label.
const OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g;
// What no page may hold: control characters, halves of surrogate pairs, noncharacters.
const NOTHING = /[\p{Cc}\p{Cs}\ufdd0-\ufdef\ufffe\uffff]/gu;

/** Return a label as it may be shown. */
export function shown(label) {
  return String(label).replace(/[\n\t]/g, " ").replace(OVERRIDES, "\ufffd").replace(NOTHING, "\ufffd");
}

/** Return a label cut to some characters, for places where the whole one can be seen elsewhere. */
export function cut(label, most = 16) {
  const letters = [...shown(label)];
  return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : letters.join("");
}

/** Make an element: attributes by name, `on` + event for listeners, `class`, then children. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "value") element.value = value;
    else if (name === "hue") element.style.setProperty("--hue", value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Make an element of SVG. */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Replace what is in an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Say something to those who listen to the page. */
export function say(text) {
  const place = byId("said");
  place.textContent = "";
  setTimeout(() => { place.textContent = text; }, 30); // a change after a pause is read aloud
}

/** Show what is wrong, or nothing. */
export function problem(text) {
  byId("problem").textContent = shown(text || "");
}

/** Return a function that runs once nothing has called it for a while. */
export function later(milliseconds, act) {
  let timer = 0;
  const run = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...args), milliseconds);
  };
  run.cancel = () => clearTimeout(timer);
  return run;
}

/** Give a visitor a file. */
export function download(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
