// What the page asks its own server. An answer that refuses is an Error with the server's sentence.

const PAGE = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(36)).join("").slice(0, 20);

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function asked(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...options, headers: { "x-page": PAGE, ...options.headers } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, "The studio does not answer. The table is safe here; try again in a moment.");
  }
  if (answer.ok) return answer;
  if (answer.status === 401) {
    location.reload(); // the password is asked for again; the fragment keeps the table
    throw new Refused(401, "Say the password first.");
  }
  let message;
  try {
    const text = await answer.text();
    message = text.startsWith("{") ? JSON.parse(text).message : text;
  } catch {
    message = "The studio does not answer.";
  }
  throw new Refused(answer.status, message);
}

const posted = (body, signal) => ({
  method: "POST",
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
  signal,
});

export const get = async (path, signal) => (await asked(path, { signal })).json();
export const post = async (path, body, signal) => (await asked(path, posted(body, signal))).json();

/** Ask for a file; return its name and its content. */
export async function postForFile(path, body) {
  const answer = await asked(path, posted(body));
  const [, name = "table"] = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "") ?? [];
  return { name, content: await answer.blob() };
}

export async function read(content, name, open) {
  const query = new URLSearchParams({ name, open: open ? "1" : "0" });
  const answer = await asked(`/api/read?${query}`, { method: "POST", body: content });
  return answer.json();
}

/** Think about a table; call `take` with each part as it comes. */
export async function think(table, assume, take, signal) {
  const answer = await asked("/api/think", posted({ table, assume }, signal));
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) take(JSON.parse(line));
  }
}
