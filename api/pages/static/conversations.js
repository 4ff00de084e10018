// The conversations of this browser: each a name and the sealed answers; the server keeps none of it.
"use strict";

{
  const KEY = "beleidswijzer.gesprekken";
  const MOST = 100;
  const conversation = document.getElementById("gesprek");
  const nav = document.querySelector(".conversations");
  const list = document.getElementById("gesprekken");
  const row = document.getElementById("gesprek-rij").content.firstElementChild;
  const dialog = document.getElementById("wissen");
  const mine = (location.hash.match(/^#gesprek=([\w-]{1,40})$/) ?? [])[1];
  let current = mine ?? [...crypto.getRandomValues(new Uint8Array(8))].map((n) => n.toString(16).padStart(2, "0")).join("");

  function kept() {
    try {
      const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(found) ? found.filter((one) => one?.id && Array.isArray(one.answers)) : [];
    } catch {
      return [];
    }
  }

  // The oldest conversations make place when the browser gives no more room.
  function keep(all) {
    for (let most = Math.min(all.length, MOST); most >= 0; most -= 1) {
      try {
        localStorage.setItem(KEY, JSON.stringify(all.slice(0, most)));
        break;
      } catch {
        continue;
      }
    }
    show();
  }

  function save() {
    const answers = [...conversation.querySelectorAll("input.sealed")].map((input) => input.value);
    if (!answers.length) return;
    const all = kept();
    const before = all.find((one) => one.id === current);
    const name = before?.name ?? conversation.querySelector(".is-whole").dataset.vraag;
    document.title = `${name} – Beleidswijzer`;
    keep([{ id: current, name, at: Date.now(), answers }, ...all.filter((one) => one !== before)]);
    history.replaceState(null, "", `/#gesprek=${current}`);
  }

  function show() {
    const all = kept();
    nav.hidden = !all.length;
    list.replaceChildren(...all.map(shown));
  }

  function shown(one) {
    const item = row.cloneNode(true);
    item.dataset.id = one.id;
    const link = item.querySelector(".resume");
    link.href = `/#gesprek=${one.id}`;
    item.querySelector(".name").textContent = one.name;
    item.querySelector(".when").textContent = new Date(one.at).toLocaleString("nl-BE", { dateStyle: "medium", timeStyle: "short" });
    if (one.id === current) link.setAttribute("aria-current", "true");
    for (const button of item.querySelectorAll("button.plain")) button.setAttribute("aria-label", `${button.textContent}: ${one.name}`);
    return item;
  }

  function resume(id) {
    const found = kept().find((one) => one.id === id);
    if (!found) return;
    current = id;
    document.title = `${found.name} – Beleidswijzer`;
    history.replaceState(null, "", `/#gesprek=${id}`);
    htmx.ajax("POST", "/gesprek", { target: conversation, swap: "innerHTML show:none", values: { eerder: found.answers } }).then(() => {
      show();
      conversation.lastElementChild?.scrollIntoView({ block: "start" });
    });
  }

  async function sure(what) {
    document.getElementById("wissen-wat").textContent = what;
    dialog.returnValue = "nee";
    dialog.showModal();
    await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
    return dialog.returnValue === "ja";
  }

  list.addEventListener("click", async (event) => {
    const item = event.target.closest("li");
    const one = kept().find((other) => other.id === item?.dataset.id);
    if (!one) return;
    if (event.target.closest(".resume") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      resume(one.id);
    } else if (event.target.closest(".rename")) {
      const renaming = item.querySelector(".renaming");
      renaming.hidden = !renaming.hidden;
      renaming.naam.value = one.name;
      if (!renaming.hidden) renaming.naam.select();
    } else if (event.target.closest(".forget") && (await sure(`Het gesprek “${one.name}” verdwijnt uit deze browser.`))) {
      keep(kept().filter((other) => other.id !== one.id));
      nav.querySelector("summary").focus();
    }
  });

  list.addEventListener("submit", (event) => {
    event.preventDefault();
    const id = event.target.closest("li").dataset.id;
    const name = event.target.naam.value.trim();
    keep(kept().map((one) => (one.id === id && name ? { ...one, name } : one)));
    list.querySelector(`[data-id="${id}"] .rename`).focus();
  });

  nav.querySelector(".forget-all").addEventListener("click", async () => {
    if (await sure("Alle gesprekken verdwijnen uit deze browser.")) {
      keep([]);
      document.getElementById("vraag").focus();
    }
  });

  conversation.addEventListener("gesprek:gewijzigd", save);
  window.addEventListener("storage", (event) => event.key === KEY && show());
  document.addEventListener("DOMContentLoaded", () => {
    show();
    nav.querySelector("details").open = matchMedia("(min-width: 80rem)").matches;
    if (conversation.querySelector("input.sealed")) save();
    else if (mine) resume(mine);
  });
}
