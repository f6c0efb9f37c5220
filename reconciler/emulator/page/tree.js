// What the account holds, as /page.json has it, to the lists of the page.

import { counted, element, number, rest, sync, time, withRest, word } from "/page/elements.js";

const FEW = 12; // sub-accounts, and locations, that are open from the start
const TONES = {
  COMPLETE: "good",
  RECEIVED: "busy",
  PROCESSING: "busy",
  PENDING: "busy",
  BACKORDERED: "warn",
  PARTIAL: "warn",
  FAILED: "bad",
};

export function drawTree(tree) {
  const open = tree.sub_accounts.count <= FEW;
  const inner = open && tree.counts.location <= FEW;
  draw("sub-accounts", withRest(tree.sub_accounts, "sub-accounts"), () => subAccount(open, inner));
  draw("applications", withRest(tree.applications, "applications"), application);
  draw("orders", withRest(tree.orders, "orders"), order);
}

function draw(id, items, make) {
  const list = document.getElementById(id);
  const nothing = items.length ? [] : [{ key: "rest", rest: "None" }];
  sync(list, [...items, ...nothing], (item) => (item.key === "rest" ? rest(item) : make(item)));
}

// A part that opens: a line, and what is below it.
function part(open, ...below) {
  const line = element("summary");
  const whole = element("details", {}, line, ...below);
  whole.open = open;
  return { whole, line };
}

const title = (item) => [
  element("b", {}, item.name),
  element("span", { class: "id" }, item.key),
];

function subAccount(open, inner) {
  const locations = element("ul", { class: "tree" });
  const { whole, line } = part(open, locations);
  const item = element("li", { class: "sub-account" }, whole);
  item.update = (site) => {
    const count = counted(site.locations.count, "location");
    line.replaceChildren(...title(site), element("span", { class: "end" }, count));
    line.title = site.description;
    const make = (each) => (each.key === "rest" ? rest(each) : location(inner));
    sync(locations, withRest(site.locations, "locations"), make);
  };
  return item;
}

function location(open) {
  const about = element("p", { class: "hint" });
  const features = element("dl");
  const numbers = element("div");
  const orders = element("ul", { class: "tree" });
  const { whole, line } = part(open, about, features, numbers, orders);
  const more = numberList();
  const item = element("li", { class: "location" }, whole);
  item.update = (peer) => {
    const on = peer.features.filter((each) => each.says && SHORT[each.name]);
    line.replaceChildren(
      ...title(peer),
      peer.default ? word("default", "muted") : "",
      ...on.map((each) => word(SHORT[each.name], "feature")),
      element("span", { class: "end" }, counted(peer.numbers.count, "number")),
    );
    about.textContent = peer.description;
    about.hidden = !peer.description;
    features.replaceChildren(...featureRows(peer.features));
    if (peer.numbers.count) more.update(peer.numbers);
    numbers.replaceChildren(...(peer.numbers.count ? [more] : []));
    sync(orders, peer.open_orders, order);
  };
  return item;
}

const SHORT = { SMS: "SMS", MMS: "MMS", "Voice origination": "voice in", "Voice termination": "voice out" };

function featureRows(features) {
  const off = features.filter((each) => !each.says).map((each) => inSentence(each.name));
  const rows = features.filter((each) => each.says).map(({ name, says }) => pair(name, says));
  return off.length ? [...rows, pair("Off", off.join(", "), "hint")] : rows;
}

const inSentence = (name) => (name === name.toUpperCase() ? name : name.toLowerCase());

const pair = (name, says, kind = "") =>
  element("div", {}, element("dt", {}, name), element("dd", { class: kind }, says));

// The numbers of a location: how many of each area code, and below it the first of them.
function numberList() {
  const list = element("ul", { class: "numbers" });
  const { whole, line } = part(false, list);
  whole.update = ({ count, shown, codes, code_count: codeCount }) => {
    const others = codeCount - codes.length;
    const parts = codes.map((each) => `${each.code} × ${number(each.count)}`);
    line.replaceChildren(
      element("span", { class: "label" }, "Numbers"),
      parts.join(", ") + (others ? `, and ${counted(others, "more area code")}` : ""),
    );
    const items = shown.map((each) => ({ key: each }));
    sync(list, withRest({ count, shown: items }, "numbers"), (each) =>
      each.rest ? rest(each) : element("li", { class: "id" }, each.key));
  };
  return whole;
}

function application() {
  const item = element("li", { class: "card" });
  item.update = (app) => {
    item.replaceChildren(
      element("div", { class: "line" }, ...title(app), element("span", { class: "end" }, app.service)),
      element("dl", {}, ...app.urls.map(({ name, url }) => pair(name, url))),
    );
  };
  return item;
}

function order() {
  const item = element("li", { class: "card order" });
  item.update = (each) => {
    const failed = each.errors.length ? ` (error ${each.errors.join(", ")})` : "";
    const what = `${counted(each.asked, "number")}${each.what && ` by ${each.what}`}`;
    item.replaceChildren(
      element("div", { class: "line" },
        word(each.status, TONES[each.status] ?? "muted"),
        element("b", { class: "sort" }, each.sort === "order" ? what : `${each.sort}: ${what}`),
        element("span", {}, each.open && !each.got ? "" : `${number(each.got)} of ${number(each.asked)}${failed}`),
        element("span", { class: "end" }, time(each.created)),
      ),
      element("div", { class: "line hint" },
        element("span", { class: "place" }, each.place),
        element("span", { class: "id" }, each.key),
        element("span", { class: "id" }, each.customer_order_id),
      ),
    );
  };
  return item;
}
