// Asks the emulator again and again what is new, and has it drawn; keeps the header.

import { counted, element, sync } from "/page/elements.js";
import { addEntries } from "/page/log.js";
import { keepingPlace } from "/page/place.js";
import { drawTree } from "/page/tree.js";

const PAUSE = 700; // milliseconds between two looks, at the least
const LONGEST_PAUSE = 5000;
const LONGEST_WAIT = 10000; // for an answer
const WHOLE = 15; // looks after which the account is asked for even where no request came in
let last = { run: "", next: 0, version: "" };
let looks = 0;

async function look() {
  const version = looks++ % WHOLE ? last.version : "";
  const asked = new URLSearchParams({ run: last.run, since: last.next, tree: version });
  const answer = await fetch(`/page.json?${asked}`, { signal: AbortSignal.timeout(LONGEST_WAIT) });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const news = await answer.json();
  const heard = news.log.length || news.run !== last.run;
  if (news.tree || heard) {
    keepingPlace(() => {
      if (news.tree) drawAccount(news);
      if (heard) addEntries(news);
    });
  }
  last = { ...news, version: news.version || last.version };
}

function drawAccount({ account, tree }) {
  document.title = `${account} – Bandwidth emulator`;
  document.getElementById("account").textContent = `account ${account}`;
  const counts = Object.entries(tree.counts).map(([noun, count]) => ({ key: noun, count }));
  sync(document.getElementById("counts"), counts, () => {
    const item = element("li");
    item.update = ({ key, count }) => item.replaceChildren(counted(count, key));
    return item;
  });
  const empty = !tree.sub_accounts.count && !tree.applications.count && !tree.orders.count;
  document.getElementById("empty").hidden = !empty;
  document.getElementById("account-tree").hidden = empty;
  document.getElementById("first-steps").textContent = [
    `export BW_API_URL=${location.origin} BW_ACCOUNT_ID=${account}`,
    "export BW_USERNAME=… BW_PASSWORD=…",
    "reconciler apply -f bandwidth.yaml",
    "",
    `curl -u "$BW_USERNAME:$BW_PASSWORD" ${location.origin}/api/accounts/${account}/sites`,
  ].join("\n");
  drawTree(tree);
}

function say(text, tone) {
  const state = document.getElementById("state");
  if (state.textContent !== text) state.textContent = text;
  state.dataset.tone = tone;
}

async function watch() {
  const began = performance.now();
  let pause = PAUSE;
  try {
    await look();
    say("Live", "good");
    // A large account takes longer to tell of: the page takes no more than a tenth of the emulator's time.
    pause = Math.max(PAUSE, Math.min(10 * (performance.now() - began), LONGEST_PAUSE));
  } catch {
    say("No answer; trying again", "bad");
  }
  setTimeout(watch, pause);
}

watch();
