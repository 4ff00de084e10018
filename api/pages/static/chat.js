// What HTMX leaves to us: Enter sends, one question at a time, stopping, clickable questions, what went wrong.
"use strict";

{
  const form = document.getElementById("vraagformulier");
  const question = document.getElementById("vraag");
  const conversation = document.getElementById("gesprek");
  const state = document.getElementById("toestand");

  function say(text, kind) {
    state.className = `state ${kind}`;
    state.textContent = text;
  }

  function detailOf(request) {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    return page.querySelector("main p")?.textContent ?? `De server antwoordde met status ${request.status}.`;
  }

  question.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== form) return;
    if (!question.value.trim()) {
      event.preventDefault();
    } else if (conversation.querySelector(".is-busy")) {
      event.preventDefault();
      say("Er komt nog een antwoord aan; wacht of kies Stop.", "is-wrong");
    } else {
      say("De vraag is verstuurd…", "unseen");
    }
  });

  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== form || !event.detail.successful) return;
    question.value = "";
    form.querySelector(".narrow").open = false;
    conversation.lastElementChild.scrollIntoView({ block: "start" });
  });

  form.addEventListener("htmx:responseError", (event) => {
    if (event.target === form) say(detailOf(event.detail.xhr), "is-wrong");
  });

  document.body.addEventListener("htmx:sendError", () => {
    say("De server is niet te bereiken; controleer of hij nog draait en probeer opnieuw.", "is-wrong");
  });

  conversation.addEventListener("htmx:sseError", () => {
    say("De verbinding viel weg; er wordt opnieuw verbonden.", "is-wrong");
  });

  conversation.addEventListener("htmx:load", (event) => {
    const exchange = event.detail.elt;
    if (!exchange.matches?.(".exchange:not(.is-busy)")) return;
    if (state.matches(".is-wrong")) state.className = "state unseen";
    exchange.scrollIntoView({ block: "start" });
    conversation.dispatchEvent(new CustomEvent("gesprek:gewijzigd"));
  });

  // Taking the exchange away closes its stream, and that stops the work on the server.
  conversation.addEventListener("click", (event) => {
    if (!event.target.closest("button.stop")) return;
    const exchange = event.target.closest(".exchange");
    htmx.swap(exchange, exchange.querySelector("template.stopped").innerHTML, { swapStyle: "outerHTML" });
    say("Gestopt.", "unseen");
    question.focus();
  });

  // A question to click takes the filters of its address along.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.ask-this");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const asked = new URL(link.href).searchParams;
    for (const box of form.querySelectorAll("input[type=checkbox]")) {
      box.checked = asked.getAll(box.name).includes(box.value);
    }
    showRestrictions();
    question.value = asked.get("vraag");
    question.focus();
    form.requestSubmit();
  });

  function showRestrictions() {
    const chosen = [...form.querySelectorAll("input[type=checkbox]:checked")];
    const names = chosen.map((box) => box.parentElement.firstChild.nextSibling.textContent.trim());
    document.getElementById("beperkt").textContent = names.length ? `: ${names.join(", ")}` : "";
  }

  form.addEventListener("change", showRestrictions);

  form.addEventListener("click", (event) => {
    const found = event.target.closest("button.choose");
    if (!found) return;
    const label = document.createElement("label");
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", name: "document", value: found.dataset.document, checked: true });
    label.append(box, ` ${found.textContent}`);
    document.getElementById("gekozen-documenten").append(label);
    document.getElementById("gevonden-documenten").replaceChildren();
    document.getElementById("zoek-document").value = "";
    box.focus();
    showRestrictions();
  });
}
