/* Shelves scroll by themselves; where a row goes on, this adds two buttons for those with a mouse.
   And "not for me": the server puts the way back in the card's place, this keeps the focus in the row. */
function stepButton(row, { label, icon, direction }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "step";
  button.setAttribute("aria-label", label);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${icon}`);
  svg.append(use);
  button.append(svg);
  button.addEventListener("click", () => {
    const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    row.scrollBy({ left: direction * row.clientWidth * 0.9, behavior: smooth ? "smooth" : "auto" });
  });
  return button;
}

function furnish(shelf) {
  const row = shelf.querySelector(".shelf-row");
  const steps = shelf.querySelector(".shelf-steps");
  if (!row || !steps || steps.firstElementChild) {
    return;
  }
  const back = stepButton(row, { label: row.dataset.back, icon: "left", direction: -1 });
  const on = stepButton(row, { label: row.dataset.on, icon: "right", direction: 1 });
  steps.append(back, on);
  const update = () => {
    const end = row.scrollWidth - row.clientWidth;
    back.hidden = end < 8;
    on.hidden = end < 8;
    // Not `disabled`: that would throw the focus away at the end of the row.
    back.setAttribute("aria-disabled", String(row.scrollLeft < 8));
    on.setAttribute("aria-disabled", String(row.scrollLeft > end - 8));
  };
  row.addEventListener("scroll", update, { passive: true });
  new ResizeObserver(update).observe(row);
  update();
}

document.querySelectorAll(".shelf").forEach(furnish);
document.addEventListener("htmx:load", (event) => {
  const { target } = event;
  (target.matches?.(".shelf") ? [target] : (target.querySelectorAll?.(".shelf") ?? [])).forEach(furnish);
});

function elementOf(event) {
  return event.detail.requestConfig?.elt;
}

// The opened reason goes before its card does, or it would stay open out of sight.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (elementOf(event)?.matches(".not-for-me")) {
    elementOf(event).closest("[popover]").hidePopover();
  }
});

// After settling and not before: until then the button that takes it back is an ordinary one, which leaves the page.
document.addEventListener("htmx:afterSettle", (event) => {
  const element = elementOf(event);
  if (element?.matches(".not-for-me")) {
    const place = element.closest(".card").nextElementSibling;
    let next = place.nextElementSibling;
    while (next && !(next.matches(".card") && next.checkVisibility())) {
      next = next.nextElementSibling;
    }
    (next?.querySelector(".card-name a") ?? place.querySelector("button")).focus();
  }
});

// The way back goes with its place, so its card is found before that happens.
document.addEventListener("htmx:beforeSwap", (event) => {
  const place = elementOf(event)?.closest(".dismissed");
  if (place) {
    const card = place.previousElementSibling;
    document.addEventListener("htmx:afterRequest", () => card.querySelector(".card-name a").focus(), { once: true });
  }
});
