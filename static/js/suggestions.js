/* Suggestions while typing: a combobox whose focus stays in the field. Without this the field is a plain search. */
const PAUSE = 150;
const MOST_KEPT = 30;

const form = document.querySelector("form[data-suggest]");

if (form) {
  furnish(form);
}

function furnish(box) {
  const input = box.querySelector("input[type=search]");
  const list = box.querySelector("[role=listbox]");
  const status = box.querySelector("[role=status]");
  const kept = new Map();
  let timer;
  let asking;
  let dismissed = "";

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");
  const typed = () => input.value.trim();

  function choose(option) {
    active()?.setAttribute("aria-selected", "false");
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    choose(null);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    status.textContent = "";
  }

  function open() {
    choose(null);
    list.hidden = options().length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = list.firstElementChild?.dataset.announcement ?? "";
  }

  function show(words, markup) {
    // Whoever typed on, left or pressed Escape meanwhile doesn't want this answer.
    if (words !== typed() || words === dismissed || document.activeElement !== input) {
      return;
    }
    list.innerHTML = markup;
    open();
  }

  async function ask(words) {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const address = `${box.dataset.suggest}?${new URLSearchParams({ q: words })}`;
      const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
      if (!answer.ok) {
        close();
        return;
      }
      const markup = await answer.text();
      if (kept.size >= MOST_KEPT) {
        kept.clear();
      }
      kept.set(words, markup);
      if (!signal.aborted) {
        show(words, markup);
      }
    } catch (error) {
      // Aborted for a newer question, or no connection: suggestions fail quietly, the search itself speaks up.
      if (error.name !== "AbortError") {
        close();
      }
    }
  }

  function consider() {
    clearTimeout(timer);
    const words = typed();
    if (!words) {
      close();
    } else if (kept.has(words)) {
      asking?.abort();
      show(words, kept.get(words));
    } else {
      timer = setTimeout(ask, PAUSE, words);
    }
  }

  function step(direction) {
    // The field itself is one of the stops, before the first option and after the last.
    const stops = [null, ...options()];
    choose(stops.at((stops.indexOf(active()) + direction) % stops.length));
  }

  input.addEventListener("input", (event) => {
    dismissed = "";
    // While Chinese is being composed the field holds letters that nobody means.
    if (!event.isComposing) {
      consider();
    }
  });
  input.addEventListener("compositionend", consider);

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) {
      return;
    }
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) {
        dismissed = "";
        consider();
      } else {
        step(key === "ArrowDown" ? 1 : -1);
      }
    } else if (key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      dismissed = typed();
      close();
    } else if (key === "Enter" && active()) {
      event.preventDefault();
      active().click();
    }
  });

  // Pressing an option must not take the focus from the field before the press is done.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
  box.addEventListener("submit", close);
}
