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
  const results = document.getElementById("photo-results");
  results.addEventListener("htmx:beforeSwap", (event) => {
    // A refusal comes with its reason in words: show it like any other answer.
    if (event.target === results) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  results.addEventListener("htmx:afterSettle", (event) => {
    const heading = results.querySelector("h2[tabindex]");
    if (event.target !== results || !heading) {
      return;
    }
    heading.focus({ preventScroll: true });
    // Where there is room for both, the photo stays in view above its answer.
    if (heading.getBoundingClientRect().top > innerHeight * 0.65) {
      const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
      heading.scrollIntoView({ block: "start", behavior: smooth ? "smooth" : "auto" });
    }
  });
}
