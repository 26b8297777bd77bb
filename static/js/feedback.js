/* After a fragment request: every heart of the item agrees, and the message goes after a while. */
const SECONDS_SHOWN = 7;

document.addEventListener("favourite-changed", (event) => {
  const { item, saved } = event.detail;
  for (const heart of document.querySelectorAll(".heart")) {
    if (heart.value === item) {
      heart.setAttribute("aria-pressed", String(saved));
    }
  }
});

let timer;

document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id !== "messages") {
    return;
  }
  clearTimeout(timer);
  const region = document.getElementById("messages");
  const leave = () => {
    // Nobody loses what they are reading or pressing.
    if (region.matches(":hover, :focus-within")) {
      timer = setTimeout(leave, 1000);
    } else {
      region.replaceChildren();
    }
  };
  timer = setTimeout(leave, SECONDS_SHOWN * 1000);
});

function say(words) {
  const region = document.getElementById("messages");
  const message = document.createElement("p");
  message.className = "message";
  message.textContent = words;
  region.replaceChildren(message);
}

// The server could not be reached or refused: say so instead of doing nothing.
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    say(document.body.dataset.trouble);
  });
}
