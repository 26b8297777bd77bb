/* The frame of every page: a line while a fragment is on its way, the picture that travels from list to page,
   and the worker that keeps pages for later. Nothing here is needed to shop. */
const PATIENCE_MS = 250;
const waiting = new Set();
let timer;

function showWaiting() {
  document.documentElement.toggleAttribute("data-waiting", waiting.size > 0);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  waiting.add(event.detail.xhr);
  // An answer that comes at once needs no sign that it is coming.
  clearTimeout(timer);
  timer = setTimeout(showWaiting, PATIENCE_MS);
});

document.addEventListener("htmx:afterRequest", (event) => {
  waiting.delete(event.detail.xhr);
  if (waiting.size === 0) {
    clearTimeout(timer);
    showWaiting();
  }
});

// The picture of the card that leads to a product becomes the picture of its page; that one has the name in its style sheet.
globalThis.addEventListener("pageswap", (event) => {
  const target = event.activation?.entry?.url;
  if (!event.viewTransition || !target) {
    return;
  }
  const path = new URL(target).pathname;
  const leads = (link) => new URL(link.href).pathname === path;
  const cards = [...document.querySelectorAll(".card")].filter((card) => {
    const link = card.querySelector(".card-name a");
    return link && leads(link);
  });
  const card = cards.find((each) => each.contains(document.activeElement)) ?? cards[0];
  const picture = card?.querySelector(".frame > img");
  if (picture) {
    picture.style.viewTransitionName = "product-picture";
    event.viewTransition.finished.finally(() => { picture.style.viewTransitionName = ""; });
  }
});

async function keepPages(address, offline) {
  await navigator.serviceWorker.register(address);
  // What is shown without a connection speaks the language that was last chosen.
  const { lang } = document.documentElement;
  if (navigator.serviceWorker.controller && sessionStorage.getItem("language") !== lang) {
    await fetch(offline);
    sessionStorage.setItem("language", lang);
  }
}

const { worker, offline } = document.body.dataset;
if (worker && "serviceWorker" in navigator) {
  globalThis.addEventListener("load", () => {
    // Keeping pages is a comfort: a browser that refuses it (private windows, full disks) goes on without.
    setTimeout(() => keepPages(worker, offline).catch(() => {}), 1000);
  });
}
