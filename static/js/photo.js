/* Search by photo: a chosen photo is shown, sent at once, and its answer read out. The form works without this. */
const form = document.querySelector(".photo-form");

function choose(input, preview) {
  const [file] = input.files;
  URL.revokeObjectURL(preview.src);
  preview.hidden = true;
  if (!file) {
    return;
  }
  const tooLarge = file.size > Number(form.dataset.mostBytes);
  input.setCustomValidity(tooLarge ? form.dataset.tooLarge : "");
  if (tooLarge) {
    input.reportValidity();
    return;
  }
  // The browser shows what it already has; the shop keeps no photo that it could send back.
  preview.addEventListener("load", () => { preview.hidden = false; }, { once: true });
  preview.src = URL.createObjectURL(file);
  form.requestSubmit();
}

if (form) {
  const input = form.querySelector("input[type=file]");
  input.addEventListener("change", () => choose(input, form.querySelector(".photo-preview")));
  const busy = form.querySelector(".photo-busy");
  form.addEventListener("htmx:beforeRequest", () => { busy.textContent = form.dataset.busy; });
  form.addEventListener("htmx:afterRequest", () => { busy.textContent = ""; });
  // A refusal comes with its reason in words: show it like any other answer.
  form.addEventListener("htmx:beforeSwap", (event) => {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
  document.getElementById("photo-results").addEventListener("htmx:afterSettle", (event) => {
    const heading = event.currentTarget.querySelector("h2[tabindex]");
    if (heading) {
      heading.focus({ preventScroll: true });
      const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
      heading.scrollIntoView({ block: "start", behavior: smooth ? "smooth" : "auto" });
    }
  });
}
