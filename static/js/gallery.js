/* The gallery scrolls, and its thumbnails are links, without this; it keeps the page still and marks the current one. */
for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const main = gallery.querySelector(".gallery-main");
  const thumbs = [...gallery.querySelectorAll(".thumbs a")];
  const show = (index) => {
    main.scrollTo({ left: index * main.clientWidth });
  };
  const mark = () => {
    const current = Math.round(main.scrollLeft / main.clientWidth);
    thumbs.forEach((thumb, index) => {
      if (index === current) {
        thumb.setAttribute("aria-current", "true");
      } else {
        thumb.removeAttribute("aria-current");
      }
    });
  };
  thumbs.forEach((thumb, index) => {
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      show(index);
    });
  });
  main.addEventListener("scroll", mark, { passive: true });
}
