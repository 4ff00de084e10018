// Asks without leaving the page, and opens sources beside the answer. Everything here also works without this
// file: the form and the references are ordinary form and links.
"use strict";

const LONGEST_TURN = 20000;
const MOST_TURNS = 40;

const form = document.getElementById("vraagformulier");
const question = document.getElementById("vraag");
const conversation = document.getElementById("gesprek");
const state = document.getElementById("toestand");
const panel = document.getElementById("bronpaneel");
const main = document.getElementById("hoofd");

let openedFrom = null;

function say(text, kind) {
  state.className = `state ${kind}`;
  state.textContent = text;
}

// Our own server's HTML, in which everything that came from elsewhere is escaped.
function parsed(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

function chosen(name) {
  return [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);
}

// The conversation so far is what the page shows.
function turns() {
  const all = [...conversation.querySelectorAll(".exchange")].flatMap((exchange) => [
    { role: "user", content: exchange.dataset.vraag.slice(0, LONGEST_TURN) },
    { role: "assistant", content: exchange.dataset.antwoord.slice(0, LONGEST_TURN) },
  ]);
  return all.slice(-MOST_TURNS);
}

async function detailOf(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return `De server antwoordde met status ${response.status}.`;
  }
}

async function ask(text) {
  const kinds = chosen("soort");
  const years = chosen("jaar");
  const body = { question: text, history: turns(), filters: { kind: kinds, year: years.map(Number) } };
  say("De documenten worden doorzocht…", "is-busy");
  const response = await fetch("/antwoord", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    say(await detailOf(response), "is-wrong");
    return;
  }
  conversation.append(parsed(await response.text()));
  const exchange = conversation.lastElementChild;
  document.querySelector(".intro").classList.add("is-done");
  say(`Antwoord: ${exchange.querySelector(".answer").textContent}`, "unseen");
  question.value = "";
  const address = new URLSearchParams({ vraag: text });
  kinds.forEach((kind) => address.append("soort", kind));
  years.forEach((year) => address.append("jaar", year));
  history.replaceState(null, "", `/?${address}`);
  exchange.scrollIntoView({ block: "start" });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (!text || form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    await ask(text);
  } catch {
    say("De server is niet te bereiken; controleer of hij nog draait en probeer opnieuw.", "is-wrong");
  } finally {
    form.removeAttribute("aria-busy");
  }
});

question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

async function openSource(link) {
  const address = new URL(link.href);
  address.hash = "";
  address.searchParams.set("naast", "1");
  const response = await fetch(address);
  if (!response.ok) {
    location.assign(link.href);
    return;
  }
  panel.replaceChildren(parsed(await response.text()));
  panel.hidden = false;
  main.classList.add("with-source");
  conversation.querySelector("[aria-current]")?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  openedFrom = link;
  panel.scrollIntoView({ block: "nearest" });
  panel.querySelector("h2").focus({ preventScroll: true });
  showQuote(panel.querySelector(".source-text"), panel.querySelector("#citaat"));
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

conversation.addEventListener("click", (event) => {
  const link = event.target.closest("a.to-source");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !plain) return;
  event.preventDefault();
  openSource(link).catch(() => location.assign(link.href));
});

panel.addEventListener("click", (event) => {
  if (event.target.closest(".close")) closeSource();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !panel.hidden) closeSource();
});
