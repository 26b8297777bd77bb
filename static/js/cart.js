/*
 * The cart without waiting: plus and minus count at once, the server is told when the pressing stops. Every answer
 * brings the contents of the page anew, so an answer that is older than the latest wish must not be shown.
 */
const cart = document.getElementById("cart");
const unsent = new Set();
let latest = null;

cart.addEventListener("click", (event) => {
  const button = event.target.closest(".stepper button");
  if (!button) {
    return;
  }
  const field = button.form.elements.quantity;
  const wanted = Number(field.value) + Number(button.value);
  const highest = Number(button.dataset.highest ?? Infinity);
  if (!Number.isInteger(wanted) || wanted > highest) {
    return; // The server says why not.
  }
  event.preventDefault();
  if (wanted >= 1) {
    field.value = String(wanted);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

cart.addEventListener("htmx:configRequest", (event) => {
  // htmx sends the button that has the focus along; its step is in the quantity already.
  if (event.detail.triggeringEvent?.type === "change") {
    event.detail.formData.delete("step");
  }
});

cart.addEventListener("change", (event) => {
  const form = event.target.closest(".quantity-form");
  if (form) {
    unsent.add(form);
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === cart) {
    unsent.delete(event.detail.elt);
    latest = event.detail.xhr;
  }
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== cart) {
    return;
  }
  const waiting = [...unsent].some((form) => form.isConnected);
  if (waiting || event.detail.xhr !== latest) {
    event.detail.shouldSwap = false;
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  // What had the focus may be gone with its line; nobody is sent back to the top of the page for it.
  if (event.detail.target === cart && document.activeElement === document.body) {
    document.getElementById("cart-title")?.focus({ preventScroll: true });
  }
});
