// Links: the table and what is asked of it, compressed, in the fragment of the address. Browsers keep
// the fragment to themselves, so no server sees or logs a table.

import { tableFrom } from "./table.js";

// Bytes that a link may unpack to; a small link could unpack to a thousand times as much.
const LONGEST = 1 << 20;
const LONGEST_LINK = 200_000;

async function through(bytes, stream, most = Infinity) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error("it is too long");
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Return a state as letters, digits, `-` and `_`. */
export async function encode(state) {
  const { table, assume } = state;
  const same = (labels) => labels.length === table.rows.length && labels.every((label, i) => label === table.rows[i]);
  const document = {
    rows: table.rows,
    // Alphabets that are equal are written once: most tables have one, and links are short.
    columns: same(table.columns) ? null : table.columns,
    symbols: same(table.symbols) ? null : table.symbols,
    cells: table.cells,
    repeats: table.repeats.length ? table.repeats : undefined,
    assume: assume === "auto" ? undefined : assume,
  };
  const text = new TextEncoder().encode(JSON.stringify(document));
  const packed = await through(text, new CompressionStream("deflate-raw"));
  let letters = "";
  for (const byte of packed) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Return the state of a link after checking everything about it; throw a sentence if it is damaged. */
export async function decode(text, most) {
  try {
    if (text.length > LONGEST_LINK) throw new Error("it is too long");
    const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const packed = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const bytes = await through(packed, new DecompressionStream("deflate-raw"), LONGEST);
    const document = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const { assume = "auto" } = document;
    if (typeof assume !== "string" || assume.length > 200) throw new Error("it does not hold a table");
    return { table: tableFrom(document, most), assume };
  } catch (error) {
    const why = error instanceof Error && error.message.startsWith("it ") ? error.message : "it does not hold a table";
    throw new Error(`The link is damaged: ${why}.`);
  }
}
