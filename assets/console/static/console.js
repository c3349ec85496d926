// Keeps a page live: on each change the parts marked data-live are fetched anew; when the line is gone, nothing stays green.
"use strict";
(() => {
  const address = document.querySelector('meta[name="live"]')?.content;
  if (!address) return;
  const line = document.getElementById("line");
  let heard = Date.now(), fetching = false, again = false;

  function lost() {
    if (document.body.classList.contains("stale")) return;
    document.body.classList.add("stale");
    line.textContent = line.dataset.lost;
    for (const light of document.querySelectorAll(".terminal .light.well")) {
      light.className = "light unknown";
      light.querySelector(".dot").textContent = "?";
      light.querySelector(".word").textContent = light.dataset.unknown;
      light.closest(".terminal").dataset.light = "unknown";
    }
  }

  function isInUse(part) {
    const focused = document.activeElement;
    return part.contains(focused) && focused.matches("input:not([type=hidden]), select, textarea");
  }

  async function refresh() {
    if (fetching) { again = true; return; }
    fetching = true;
    try {
      const answer = await fetch(location.href, { redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const found = fresh.getElementById(part.id);
        if (!found || isInUse(part) || found.innerHTML === part.dataset.drawn) continue;
        const focused = part.contains(document.activeElement) ? [...part.querySelectorAll("a, button")].indexOf(document.activeElement) : -1;
        part.replaceChildren(...found.cloneNode(true).childNodes);
        part.dataset.drawn = found.innerHTML;
        if (focused >= 0) part.querySelectorAll("a, button")[focused]?.focus();
      }
      document.body.classList.remove("stale");
      line.textContent = "";
    } catch { lost(); }
    fetching = false;
    if (again) { again = false; refresh(); }
  }

  const stream = new EventSource(address);
  const hear = () => { heard = Date.now(); };
  stream.addEventListener("open", () => { hear(); refresh(); });
  stream.addEventListener("change", () => { hear(); refresh(); });
  stream.addEventListener("beat", hear);
  stream.addEventListener("error", lost);
  // Silence, too, changes what is known: "seen 5 seconds ago" grows old, and a terminal becomes unknown.
  setInterval(() => (Date.now() - heard > 12000 ? lost() : refresh()), 10000);
})();
