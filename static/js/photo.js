/* Search by photo. On every page a photo can be dropped onto the search in the bar, or pasted into it; on the page of
   search by photo it can be pasted or dropped anywhere, is shown, sent at once, and its answer read out. The form works
   without this. */
const form = document.querySelector(".photo-form");
const link = document.querySelector(".search-photo");
const MOST_SECONDS_WAITING = 60;

function photoIn(transfer) {
  return [...(transfer?.files ?? [])].find((file) => file.type.startsWith("image/"));
}

/* A photo waits in the browser for the next page to take it: it goes to the server once, with its own request. */
function waitingRoom(mode, use) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("photo-search", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("waiting");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction("waiting", mode);
      const request = use(transaction.objectStore("waiting"));
      transaction.oncomplete = () => { database.close(); resolve(request.result); };
      transaction.onabort = () => { database.close(); reject(transaction.error); };
    };
  });
}

async function handOver(file) {
  try {
    await waitingRoom("readwrite", (store) => store.put({ file, since: Date.now() }, "photo"));
  } catch {
    // A browser that keeps nothing: the page asks for the photo again.
  }
  location.assign(link.href);
}

async function takeOver() {
  const waiting = await waitingRoom("readonly", (store) => store.get("photo"));
  if (!waiting) {
    return;
  }
  await waitingRoom("readwrite", (store) => store.clear());
  if (Date.now() - waiting.since < MOST_SECONDS_WAITING * 1000) {
    put(waiting.file);
  }
}

function put(file) {
  const input = form.querySelector(".photo-drop input");
  const transfer = new DataTransfer();
  transfer.items.add(file);
  input.files = transfer.files;
  choose(input);
}

function choose(input) {
  const preview = form.querySelector(".photo-preview");
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

/* Lets a photo be dropped onto an element or pasted into it. */
function takePhotos(element, use) {
  const mark = (on) => element.classList.toggle("takes-photo", on);
  element.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) {
      event.preventDefault();
      mark(true);
    }
  });
  element.addEventListener("dragleave", (event) => {
    if (!element.contains(event.relatedTarget)) {
      mark(false);
    }
  });
  element.addEventListener("drop", (event) => {
    mark(false);
    const file = photoIn(event.dataTransfer);
    // The field of the form takes what is dropped on it by itself.
    if (file && !event.target.matches("input[type=file]")) {
      event.preventDefault();
      use(file);
    }
  });
  element.addEventListener("paste", (event) => {
    const file = photoIn(event.clipboardData);
    if (file) {
      event.preventDefault();
      use(file);
    }
  });
}

function answerForm() {
  const input = form.querySelector(".photo-drop input");
  input.addEventListener("change", () => choose(input));
  const camera = form.querySelector(".photo-camera input");
  camera.addEventListener("change", () => {
    if (camera.files.length) {
      put(camera.files[0]);
      camera.value = "";
    }
  });
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

if (form) {
  answerForm();
  takePhotos(document.documentElement, put);
  takeOver().catch(() => {
    // Nothing can wait where nothing is kept.
  });
} else if (link?.closest("form")) {
  takePhotos(link.closest("form"), handOver);
}
