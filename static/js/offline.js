/* On the offline page: names the pages that were kept. The list is the browser's own; the shop knows nothing of it. */
const area = document.querySelector(".kept");

async function keptPages() {
  const names = await caches.keys();
  const found = [];
  for (const name of names.filter((each) => each.startsWith("vitrine-") && each.endsWith("-pages"))) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      const { title } = new DOMParser().parseFromString(await response.text(), "text/html");
      found.unshift({ address: request.url, title: title.split(" · ")[0] });
    }
  }
  return found;
}

if (area && "caches" in globalThis) {
  const pages = await keptPages();
  for (const { address, title } of pages) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = title;
    const entry = document.createElement("li");
    entry.append(link);
    area.querySelector("ul").append(entry);
  }
  area.hidden = pages.length === 0;
}
