// Opens sources beside an answer, and copies an answer. Without this file references are ordinary links.
"use strict";

{
  const conversation = document.getElementById("gesprek");
  const panel = document.getElementById("bronpaneel");
  const main = document.getElementById("hoofd");
  let openedFrom = null;

  async function openSource(link) {
    const address = new URL(link.href);
    address.hash = "";
    address.searchParams.set("naast", "1");
    const response = await fetch(address);
    if (!response.ok) {
      location.assign(link.href);
      return;
    }
    // Our own server's HTML, in which everything that came from elsewhere is escaped.
    const holder = document.createElement("template");
    holder.innerHTML = await response.text();
    panel.replaceChildren(holder.content);
    panel.hidden = false;
    main.classList.add("with-source");
    conversation.querySelector("[aria-current]")?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    openedFrom = link;
    panel.scrollIntoView({ block: "nearest" });
    panel.querySelector("h2").focus({ preventScroll: true });
    const quote = panel.querySelector("#citaat");
    if (quote) showQuote(panel.querySelector(".source-text"), quote);
  }

  // Puts the quoted words a quarter of the way down the text, or of the page where the text does not scroll by itself.
  function showQuote(text, quote) {
    if (text.scrollHeight <= text.clientHeight + 1) {
      quote.scrollIntoView({ block: "start" });
      return;
    }
    const distance = quote.getBoundingClientRect().top - text.getBoundingClientRect().top;
    text.scrollTop += distance - text.clientHeight / 4;
  }

  function closeSource() {
    panel.hidden = true;
    panel.replaceChildren();
    main.classList.remove("with-source");
    openedFrom?.removeAttribute("aria-current");
    openedFrom?.focus();
    openedFrom = null;
  }

  async function copy(button) {
    const actions = button.closest(".actions");
    const text = actions.querySelector(".as-text");
    const outcome = actions.querySelector(".told");
    try {
      await navigator.clipboard.writeText(text.value);
      outcome.textContent = "Gekopieerd, met de bronnen.";
    } catch {
      text.hidden = false;
      text.select();
      outcome.textContent = "Kopieer de tekst hieronder met Ctrl+C.";
    }
  }

  conversation.addEventListener("click", (event) => {
    const link = event.target.closest("a.to-source");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (link && plain) {
      event.preventDefault();
      openSource(link).catch(() => location.assign(link.href));
    }
    const button = event.target.closest("button.copy");
    if (button) copy(button);
  });

  // What opens under the question field comes above it. `toggle` does not bubble.
  conversation.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches(".judge[open]")) event.target.scrollIntoView({ block: "nearest" });
    },
    true,
  );

  panel.addEventListener("click", (event) => {
    if (event.target.closest(".close")) closeSource();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) closeSource();
  });

  // A form that sent itself away takes the focus with it: give it to what came in its place.
  document.body.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.matches?.(".judged")) event.detail.elt.focus();
  });

  document.body.addEventListener("htmx:responseError", (event) => {
    const outcome = event.detail.elt.closest(".actions")?.querySelector(".told");
    if (outcome) outcome.textContent = "Dat lukte niet; probeer het later opnieuw.";
  });
}
