// Says of a page whether it is live. htmx fetches what changed; here nothing stays green once the line is gone.
"use strict";
(() => {
  const live = document.getElementById("live");
  if (!live) return;
  const line = document.getElementById("line");
  const SILENT_MS = 12000; // two of the service's beats may be lost
  let heard = Date.now();

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

  function found() {
    document.body.classList.remove("stale");
    line.textContent = "";
  }

  // What somebody is writing is not taken out of his hands.
  function isInUse(part) {
    const fields = part.querySelectorAll("input:not([type=hidden]), select, textarea");
    return [...fields].some((field) => field === document.activeElement || (field.value && field.value !== field.defaultValue && field.matches("input")));
  }

  const hear = () => { heard = Date.now(); };
  document.body.addEventListener("htmx:sseOpen", (event) => {
    hear();
    for (const word of ["beat", "change"]) event.detail.source.addEventListener(word, hear);
    htmx.trigger(live, "refresh");
  });
  document.body.addEventListener("htmx:sseError", lost);
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (isInUse(event.detail.target)) event.detail.shouldSwap = false;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { successful, xhr } = event.detail;
    // Whoever was logged out is sent elsewhere: that page says nothing of this one.
    if (successful && xhr.responseURL === location.href.split("#")[0]) found(); else lost();
  });
  // Silence, too, changes what is known: htmx fetches every ten seconds, for "seen 5 seconds ago" grows old.
  setInterval(() => { if (Date.now() - heard > SILENT_MS) lost(); }, 2000);
})();
