// Words of the page for what the server says in names.

export const STANDINGS = {
  given: ["Given", "You said so."],
  earned: ["Earned", "So much agreement by chance is less likely than one in a million."],
  supposed: ["Supposed", "Nothing contradicts it, and little speaks for it."],
  holds: ["Holds", "Checked in all cells."],
  possible: ["Possible", "There is a completion of this kind."],
  open: ["Open", "Neither a completion nor a contradiction was found in the time for it."],
  refuted: ["Refuted", "The cells contradict it."],
};

export const KINDS = {
  observed: ["given", "given"],
  forced: ["forced", "forced"],
  predicted: ["predicted", "supposed or learned"],
  suspect: ["suspect", "suspected"],
  unknown: ["unknown", "open"],
};

// What can be asked for although nothing has been said of it.
export const USUAL = ["group", "abelian group", "isotope", "quasigroup", "loop", "semigroup", "monoid", "semilattice", "left quandle", "right quandle"];

const NAMES = { isotope: "isotope of a group", "group isotope": "isotope of a group", Latin: "Latin", homotope: "homotope of a group" };

export const nameOf = (theory) => NAMES[theory] ?? theory;

/** What to ask for, for a theory that the server has named. */
export const askFor = (theory) => (theory === "group isotope" ? "isotope" : theory);

export function count(number, thing) {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
