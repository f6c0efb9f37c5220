// What a person looks at stays where it is on the screen while the page changes around it.

const COVERED = 50; // pixels at the top that the line above the requests covers

export function keepingPlace(change) {
  const pane = document.getElementById("requests");
  const own = getComputedStyle(pane).overflowY === "auto"; // a wide window: the requests scroll by themselves
  const scroller = own ? pane : document.scrollingElement;
  const parts = own ? "#log > li" : ".sub-account, .card, #log > li";
  const watched = seen("#log details[open]") ?? (scroller.scrollTop > 0 ? seen(parts) : null);
  const before = watched?.getBoundingClientRect().top;
  change();
  if (watched?.isConnected) scroller.scrollTop += watched.getBoundingClientRect().top - before;
}

function seen(selector) {
  return [...document.querySelectorAll(selector)].find((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > COVERED && top < window.innerHeight;
  });
}

// Whoever looks at older requests is told where the newest are.
const top = document.getElementById("log-top");
const newest = document.getElementById("newest");
new IntersectionObserver(([{ isIntersecting, boundingClientRect }]) => {
  newest.hidden = isIntersecting || boundingClientRect.top > COVERED;
}).observe(top);
newest.addEventListener("click", () => {
  top.scrollIntoView({ block: "center" });
  document.querySelector("#log summary")?.focus({ preventScroll: true });
});
