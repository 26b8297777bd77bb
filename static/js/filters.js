/* Filters are a form and links, and work without this. It keeps what is open open, and never loses the reader's place. */
const results = () => document.getElementById("listing-results");
const drawer = () => document.getElementById("filters");
const isDrawn = () => drawer()?.matches(":popover-open") ?? false;

let pressed = null;
let open = new Map();
let typed = null;
/* Where the list stood under each address that was left, for Back: the browser has lost it once the answer is there. */
const stood = new Map();
const address = () => location.pathname + location.search;

function ofListing(event) {
  return event.detail.target?.id === "listing-results";
}

function remember(element) {
  return { id: element?.id, then: element?.dataset.focus, top: element?.hasAttribute("data-top") };
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (ofListing(event)) {
    // Of a form the control that was changed; else the link that was pressed.
    const form = event.detail.elt.matches("form");
    stood.set(address(), scrollY);
    pressed = remember(form ? document.activeElement : event.detail.elt);
    results().setAttribute("aria-busy", "true");
  }
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (ofListing(event)) {
    const groups = document.querySelectorAll("#filters-body details");
    open = new Map([...groups].map((group) => [group.id, group.open]));
    const field = document.activeElement;
    typed = field?.matches("#filters-body input.input") ? { id: field.id, value: field.value } : null;
  }
});

function reopen() {
  for (const group of document.querySelectorAll("#filters-body details")) {
    group.open = open.get(group.id) ?? group.open;
  }
  const field = typed && document.getElementById(typed.id);
  if (field) {
    field.value = typed.value;
  }
}

/* A price is sent when it is set, not when one goes on to the other field: the answer would take what is typed there. */
document.addEventListener("change", (event) => {
  if (event.target.matches("#filters-body input.input")) {
    event.stopPropagation();
  }
}, { capture: true });

function isPriceTyped() {
  const fields = document.querySelectorAll("#filters-body input.input");
  return [...fields].some((field) => field.value !== field.defaultValue);
}

document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id === "filters-body") {
    reopen();
  }
});

function canTakeFocus(element) {
  return element?.checkVisibility({ visibilityProperty: true });
}

function refocus() {
  if (pressed.top) {
    // The next page begins at its beginning, for eyes and for screen readers.
    document.getElementById("listing-heading").focus({ preventScroll: true });
    document.getElementById("listing").scrollIntoView({ block: "start" });
    return;
  }
  if (document.activeElement && document.activeElement !== document.body) {
    return;
  }
  const places = [pressed.id, pressed.then, "listing-heading"];
  const place = places.map((id) => id && document.getElementById(id)).find(canTakeFocus);
  place?.focus({ preventScroll: true });
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (ofListing(event) && pressed) {
    refocus();
    pressed = null;
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (ofListing(event)) {
    results()?.removeAttribute("aria-busy");
  }
});

document.addEventListener("click", (event) => {
  // In the drawer every choice has been answered already: the button only shows what is behind it.
  if (event.target.closest("[data-done]") && isDrawn()) {
    if (!isPriceTyped()) {
      event.preventDefault();
    }
    drawer().hidePopover();
    document.getElementById("listing").scrollIntoView({ block: "start" });
  }
});

/* Back, and Back again before the first is answered: only the last answer is the page of this address. */
let returning = null;
document.addEventListener("htmx:historyCacheMiss", (event) => {
  returning?.abort();
  returning = event.detail.xhr;
  for (const asking of document.querySelectorAll(".listing .htmx-request")) {
    asking.dispatchEvent(new Event("htmx:abort"));
  }
});

document.addEventListener("htmx:historyRestore", () => {
  if (results() && stood.has(address())) {
    scrollTo({ top: stood.get(address()), behavior: "instant" });
  }
});
