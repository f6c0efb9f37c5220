// The log's entries, as /page.json has them, to rows that open on the documents of the request and the answer.

import { element, fineTime, number, sync, word } from "/page/elements.js";

const MOST = 5000; // entries that the page remembers
const STEP = 200; // rows that are drawn at first, and added each time somebody asks
const list = document.getElementById("log");
const older = document.getElementById("older");
const path = document.getElementById("path");
let entries = [];
let rows = STEP;
let run = null;
let forgotten = 0;

export function addEntries(news) {
  if (news.run !== run) {
    // Another emulator answers now, whose serials mean other exchanges.
    run = news.run;
    entries = [];
    list.replaceChildren();
  }
  entries = [...news.log.reverse(), ...entries].slice(0, MOST);
  forgotten = news.next - entries.length;
  draw();
}

const FILTERS = {
  all: () => true,
  writes: (entry) => entry.method !== "GET" && !entry.path.endsWith("/oauth2/token"),
  errors: (entry) => entry.status >= 400 || !entry.status,
};

function draw() {
  const which = FILTERS[document.querySelector("[name=which]:checked").value];
  const wanted = path.value.trim().toLowerCase();
  const found = entries.filter((entry) => which(entry) && address(entry).toLowerCase().includes(wanted));
  const open = new Set([...list.querySelectorAll(":scope > li > details[open]")].map((each) => each.parentElement.key));
  sync(list, found.filter((entry, place) => place < rows || open.has(entry.key)), row);
  older.hidden = found.length <= rows;
  say(found.length);
}

function say(found) {
  const said = entries.length ? [] : ["Nothing has been asked yet."];
  if (entries.length && !found) said.push("None of them fits the filter.");
  if (found !== entries.length && found) said.push(`${number(found)} of ${number(entries.length)} fit.`);
  if (forgotten) said.push(`${number(forgotten)} earlier ones are not shown.`);
  const says = document.getElementById("log-says");
  says.textContent = said.join(" ");
  says.hidden = !said.length;
}

const address = (entry) => entry.path + (entry.query && `?${entry.query}`);

// Where there is little room, what all paths begin with gives way first, then the query, then the beginning
// of the rest: a path says what it is about at its end.
function parts(entry) {
  const [prefix] = /^.*\/accounts\/[^/]*/.exec(entry.path) ?? [""];
  return [
    element("span", { class: "prefix" }, prefix),
    element("span", { class: "ending" }, entry.path.slice(prefix.length)),
    entry.query && element("span", { class: "query" }, `?${entry.query}`),
  ];
}

const verdict = ({ status, reason }) => (status ? `${status} ${reason}` : reason);

function tone(status) {
  if (status >= 500 || !status) return "bad";
  if (status >= 400) return "warn";
  return status >= 300 ? "busy" : "good";
}

function row(entry) {
  const answered = verdict(entry) + (entry.code && `, error ${entry.code}`);
  const line = element("summary", {},
    fineTime(entry.at),
    element("span", { class: "method", "data-method": entry.method }, entry.method),
    element("span", { class: "id path", title: address(entry) }, ...parts(entry)),
    word(answered, tone(entry.status)),
    element("span", { class: "took" }, took(entry.seconds)),
    entry.fault && element("span", { class: "fault" }, word(`fault ${entry.fault}`, "muted")),
  );
  const below = element("div", { class: "documents" });
  const whole = element("details", {}, line, below);
  whole.addEventListener("toggle", () => {
    if (whole.open && !below.childElementCount) fill(below, entry);
  });
  return element("li", {}, whole);
}

const took = (seconds) => (seconds < 0.001 ? "<1 ms" : `${number(Math.round(seconds * 1000))} ms`);

async function fill(below, entry) {
  below.replaceChildren(element("p", { class: "hint" }, "Fetching the documents"));
  try {
    const answer = await fetch(`/page/exchange.json?serial=${entry.key}`);
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.gone);
    const as = entry.credentials && ` with ${entry.credentials} credentials`;
    below.replaceChildren(
      ...shown(`Request${as}`, found.request),
      ...shown(`Answer ${verdict(entry)}`, found.answer),
    );
  } catch (error) {
    below.replaceChildren(element("p", { class: "hint" }, `The documents are not to be had: ${error.message}`));
  }
}

function shown(heading, { text, bytes, left_out: leftOut }) {
  const size = bytes ? `${number(bytes)} bytes` : "no body";
  const parts = [element("h3", {}, heading, element("span", { class: "hint" }, size))];
  if (text) parts.push(element("pre", { class: "document", tabindex: "0" }, text));
  if (leftOut) parts.push(element("p", { class: "hint" }, `… and ${number(leftOut)} more characters`));
  return parts;
}

function filterAgain() {
  rows = STEP;
  draw();
}

path.addEventListener("input", filterAgain);
document.querySelector("fieldset").addEventListener("change", filterAgain);
older.addEventListener("click", () => {
  rows += STEP;
  draw();
});

// The arrow keys go from row to row.
list.addEventListener("keydown", (event) => {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (!step || event.target.tagName !== "SUMMARY") return;
  const next = event.target.closest("#log > li")[step];
  if (next) {
    event.preventDefault();
    next.querySelector("summary").focus();
  }
});
