// Plain data to elements, and lists of it to lists of elements that are kept from one refresh to the next.
// Data becomes text only: nothing here, or anywhere on the page, reads data as markup.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

// A word on what state something is in; the tone gives it its colour.
export function word(text, tone) {
  return element("span", { class: "word", "data-tone": tone }, text);
}

// Make a list's elements those of `items`. What was there under the same key stays the same element, so that
// what is open, focused or scrolled to stays so. `make(item)` gives an element with a method `update(item)`.
export function sync(list, items, make) {
  const there = new Map([...list.children].map((child) => [child.key, child]));
  const wanted = items.map((item) => {
    const child = there.get(item.key) ?? Object.assign(make(item), { key: item.key });
    const print = JSON.stringify(item);
    if (child.print !== print) child.update?.(item);
    child.print = print;
    return child;
  });
  const kept = new Set(wanted);
  for (const child of there.values()) if (!kept.has(child)) child.remove();
  wanted.forEach((child, place) => {
    if (list.children[place] !== child) list.insertBefore(child, list.children[place] ?? null);
  });
}

// The items of a list that was cut, and one that says how many more there are.
export function withRest({ count, shown }, noun) {
  const rest = count - shown.length;
  return rest ? [...shown, { key: "rest", rest: `… and ${number(rest)} more ${noun}` }] : shown;
}

export const rest = (item) => element("li", { class: "hint" }, item.rest);

export const number = (value) => value.toLocaleString("en-US");

export const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const FINE_CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3,
});

export function time(seconds, clock = CLOCK) {
  const at = new Date(seconds * 1000);
  return element("time", { datetime: at.toISOString(), title: at.toISOString() }, clock.format(at));
}

export const fineTime = (seconds) => time(seconds, FINE_CLOCK);
