/* Shelves scroll by themselves; where a row goes on, this adds two buttons for those with a mouse. */
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
  const head = shelf.querySelector(".shelf-head");
  if (!row || !head || head.querySelector(".shelf-steps")) {
    return;
  }
  const back = stepButton(row, { label: row.dataset.back, icon: "left", direction: -1 });
  const on = stepButton(row, { label: row.dataset.on, icon: "right", direction: 1 });
  const steps = document.createElement("div");
  steps.className = "shelf-steps";
  steps.append(back, on);
  const update = () => {
    const end = row.scrollWidth - row.clientWidth;
    steps.hidden = end < 8;
    // Not `disabled`: that would throw the focus away at the end of the row.
    back.setAttribute("aria-disabled", String(row.scrollLeft < 8));
    on.setAttribute("aria-disabled", String(row.scrollLeft > end - 8));
  };
  head.append(steps);
  row.addEventListener("scroll", update, { passive: true });
  new ResizeObserver(update).observe(row);
  update();
}

document.querySelectorAll(".shelf").forEach(furnish);
document.addEventListener("htmx:load", (event) => {
  const { target } = event;
  (target.matches?.(".shelf") ? [target] : (target.querySelectorAll?.(".shelf") ?? [])).forEach(furnish);
});
