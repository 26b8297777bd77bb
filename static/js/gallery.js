/*
 * The gallery scrolls, its thumbnails are links and its pictures lead to their large files without this.
 * With it the page keeps still, the current thumbnail is marked, and the large pictures open in a dialog:
 * arrows step, plus and minus bring them closer, Escape closes, and the focus returns where it was.
 * Everything listens on the document, because choosing a variant puts another gallery in the page.
 */
const plain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

function mark(main) {
  const current = Math.round(main.scrollLeft / main.clientWidth);
  const thumbs = main.closest("[data-gallery]").querySelectorAll(".thumbs a");
  thumbs.forEach((thumb, index) => {
    if (index === current) {
      thumb.setAttribute("aria-current", "true");
    } else {
      thumb.removeAttribute("aria-current");
    }
  });
}

function scrollTo(gallery, index) {
  const main = gallery.querySelector(".gallery-main");
  main.scrollTo({ left: index * main.clientWidth });
}

/* --- The dialog ----------------------------------------------------------- */
const pictures = (viewer) => [...viewer.closest("[data-gallery]").querySelectorAll("[data-zoom]")];

function show(viewer, index) {
  const links = pictures(viewer);
  const place = (index + links.length) % links.length;
  const small = links[place].querySelector("img");
  const large = new Image(small?.getAttribute("width"), small?.getAttribute("height"));
  large.alt = small?.alt ?? "";
  large.className = small?.className ?? "";
  large.src = links[place].href;
  viewer.dataset.at = String(place);
  viewer.querySelector(".viewer-stage").replaceChildren(large);
  viewer.querySelector(".viewer-place").textContent = viewer.dataset.place
    .replace("{number}", String(place + 1))
    .replace("{total}", String(links.length));
  bring(viewer, false);
}

function bring(viewer, closer) {
  const stage = viewer.querySelector(".viewer-stage");
  stage.classList.toggle("closer", closer);
  viewer.querySelector("[data-viewer=closer]").setAttribute("aria-pressed", String(closer));
  stage.scrollTo((stage.scrollWidth - stage.clientWidth) / 2, (stage.scrollHeight - stage.clientHeight) / 2);
}

function step(viewer, by) {
  show(viewer, Number(viewer.dataset.at) + by);
}

const isCloser = (viewer) => viewer.querySelector(".viewer-stage").classList.contains("closer");

const does = {
  back: (viewer) => step(viewer, -1),
  on: (viewer) => step(viewer, 1),
  closer: (viewer) => bring(viewer, !isCloser(viewer)),
  close: (viewer) => viewer.close(),
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-zoom], .thumbs a");
  const gallery = link?.closest("[data-gallery]");
  if (gallery && plain(event)) {
    const index = link.dataset.zoom ?? [...gallery.querySelectorAll(".thumbs a")].indexOf(link);
    const viewer = gallery.querySelector(".viewer");
    event.preventDefault();
    if (link.matches("[data-zoom]")) {
      show(viewer, Number(index));
      viewer.showModal();
      viewer.querySelector(".viewer-stage").focus();
    } else {
      scrollTo(gallery, index);
    }
    return;
  }
  const viewer = event.target.closest(".viewer");
  if (!viewer) {
    return;
  }
  const button = event.target.closest("[data-viewer]");
  if (button) {
    does[button.dataset.viewer](viewer);
  } else if (event.target.matches(".viewer-stage img")) {
    does.closer(viewer);
  } else if (event.target.matches(".viewer, .viewer-stage")) {
    viewer.close();
  }
});

document.addEventListener("keydown", (event) => {
  const viewer = event.target.closest?.(".viewer[open]");
  if (!viewer) {
    return;
  }
  // A picture that is closer is larger than its stage: there the arrows move about in it, as they always do.
  const several = pictures(viewer).length > 1 && !isCloser(viewer);
  if (several && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
    event.preventDefault();
    step(viewer, event.key === "ArrowRight" ? 1 : -1);
  } else if (event.key === "+" || event.key === "-") {
    bring(viewer, event.key === "+");
  }
});

document.addEventListener(
  "close",
  (event) => {
    if (event.target.matches?.(".viewer")) {
      // The page, and the focus, stand at the picture that was looked at last.
      const at = Number(event.target.dataset.at);
      pictures(event.target)[at].focus({ preventScroll: true });
      scrollTo(event.target.closest("[data-gallery]"), at);
    }
  },
  { capture: true },
);

document.addEventListener(
  "scroll",
  (event) => {
    if (event.target.matches?.(".gallery-main")) {
      mark(event.target);
    }
  },
  { capture: true, passive: true },
);
