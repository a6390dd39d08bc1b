// The console's own script: pages that stay current, search while typing, hints, quick keys. Every page works without it.
"use strict";
(() => {
  const body = document.body;
  const dirty = new WeakSet();
  let mark = null, source = null, waiting = 0;

  document.addEventListener("input", (event) => {
    if (event.target.form) dirty.add(event.target.form);
    const part = event.target.closest("[data-part]");
    if (part) dirty.add(part);
  });

  // -- staying current: the server says that something has changed, the page asks for itself again ---------------------
  const busy = (part) =>
    part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select") || dirty.has(part) || part.querySelector("details[open]");

  function swap(page) {
    let kept = false;
    for (const part of document.querySelectorAll("[data-part]")) {
      const fresh = page.getElementById(part.id);
      if (!fresh || fresh.innerHTML === part.innerHTML) continue;
      if (busy(part)) { kept = true; continue; }
      const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      part.innerHTML = fresh.innerHTML;
      part.classList.remove("fresh");
      void part.offsetWidth;
      part.classList.add("fresh");
      if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    }
    return kept;
  }

  // The text of an answer; null where the server refuses, undefined where it is busy or away.
  async function ask(address, options) {
    const answer = await fetch(address, { ...options, headers: { "X-Motcua": "1", ...(options?.headers || {}) } }).catch(() => null);
    if (!answer || answer.status >= 500) return undefined;
    if (answer.status === 401) { location.href = "/dang-nhap?den=" + encodeURIComponent(location.pathname + location.search); return null; }
    return answer.ok ? answer.text() : null;
  }

  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  async function refresh() {
    const text = await ask(location.href.split("#")[0]);
    if (!text) return;
    const page = parse(text);
    const kept = swap(page);
    const old = seen(document), fresh = seen(page);
    const forms = page.querySelectorAll("main form").length !== document.querySelectorAll("main form").length;
    if (!dirtyForms() && (forms || old !== fresh)) {
      if (!document.activeElement?.matches("input, textarea, select") && !document.querySelector("main details[open]") && (forms || old)) { replaceMain(page); return; }
    }
    if (kept || forms) document.getElementById("news").hidden = false;
  }

  const seen = (page) => page.querySelector("main input[name=seen]")?.value || "";
  const dirtyForms = () => [...document.querySelectorAll("main form")].some((form) => dirty.has(form));

  function replaceMain(page) {
    const top = window.scrollY;
    document.getElementById("main").innerHTML = page.getElementById("main").innerHTML;
    window.scrollTo(0, top);
  }

  function listen() {
    if (!body.dataset.live || source || document.hidden || !window.EventSource) return;
    source = new EventSource(body.dataset.live);
    source.addEventListener("mark", (event) => {
      const told = JSON.parse(event.data);
      const presence = document.getElementById("presence");
      if (presence) {
        presence.hidden = !told.others.length;
        presence.textContent = told.others.length ? "Đang cùng xem phiếu này: " + told.others.join(", ") : "";
      }
      if (mark !== null && told.mark !== mark) { clearTimeout(waiting); waiting = setTimeout(refresh, 250); }
      mark = told.mark;
      body.dataset.heard = "1";
    });
  }

  // A hidden page holds no connection: browsers allow only six to one server.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { source?.close(); source = null; } else { listen(); if (mark !== null) refresh(); }
  });
  window.addEventListener("pagehide", () => source?.close());

  // -- search while typing ---------------------------------------------------------------------------------------------
  const filters = document.querySelector("form[data-search]");
  if (filters) {
    let timer = 0, turn = 0;
    const search = async () => {
      const mine = ++turn;
      const fields = [...new FormData(filters)].filter(([, value]) => value);
      const address = filters.getAttribute("action") + (fields.length ? "?" + new URLSearchParams(fields) : "");
      const text = await ask(address);
      if (!text || mine !== turn) return;
      document.getElementById("result").innerHTML = parse(text).getElementById("result").innerHTML;
      history.replaceState(null, "", address);
    };
    filters.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 180); });
    filters.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); search(); });
  }

  // -- a new request: what the look-ups know while it is typed ------------------------------------------------------------
  const typed = document.querySelector("form[data-hints]");
  if (typed) {
    let timer = 0, turn = 0, filled = "";
    const hints = document.getElementById("hints");
    const look = async () => {
      const mine = ++turn;
      const text = await ask(typed.dataset.hints, { method: "POST", body: new URLSearchParams([...new FormData(typed)].filter(([, value]) => typeof value === "string")) });
      if (mine !== turn) return;
      if (text === undefined) timer = setTimeout(look, 2000);
      if (!text) return;
      hints.innerHTML = text;
      const known = hints.querySelector("[data-customer]");
      if (!known || known.dataset.customer === filled) return;
      filled = known.dataset.customer;
      for (const [name, value] of Object.entries(JSON.parse(filled))) {
        const field = typed.elements[name];
        if (field && !field.value && field !== document.activeElement) field.value = value;
      }
    };
    typed.addEventListener("input", (event) => { if (event.target.id !== "answer") { clearTimeout(timer); timer = setTimeout(look, 350); } });
  }

  // -- keys: Enter goes to the next field, Ctrl+Enter sends, / searches, Alt+N is a new request ---------------------------
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "Enter" && event.ctrlKey && field.form) { event.preventDefault(); field.form.requestSubmit(); return; }
    if (event.key === "Enter" && field.matches?.(".cell input, .cell select") && field.form?.method === "post") {
      const fields = [...field.form.querySelectorAll("input, select, textarea, button.main")].filter((each) => each.type !== "hidden" && each.type !== "radio" && each.offsetParent);
      const next = fields[fields.indexOf(field) + 1];
      if (next) { event.preventDefault(); next.focus(); next.select?.(); }
      return;
    }
    if (field.matches?.("input, textarea, select")) return;
    if (event.key === "/") { event.preventDefault(); (document.getElementById("tim") || document.getElementById("find"))?.focus(); }
    if (event.altKey && event.key.toLowerCase() === "n") { event.preventDefault(); location.href = "/moi"; }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, [data-print]");
    if (!button) return;
    if (button.dataset.print !== undefined) window.print();
    if (button.dataset.reload !== undefined) location.reload();
    if (button.dataset.confirm && !window.confirm(button.dataset.confirm)) event.preventDefault();
    if (button.dataset.fill) { const field = document.getElementById(button.dataset.fill); field.value = button.dataset.value; dirty.add(field.form); field.focus(); }
    if (button.dataset.answer) {
      document.getElementById("answer").value = button.dataset.answer;
      document.getElementById("source").value = button.dataset.source;
      document.getElementById("answer").focus();
    }
  });
  document.addEventListener("change", (event) => {
    const label = event.target.type === "file" && event.target.closest("label")?.querySelector("span");
    if (label && event.target.files.length) label.textContent = event.target.files[0].name;
  });
  // Twice pressed is once sent.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    if (event.target.method === "post" && !event.target.action.endsWith("/bao-cao")) event.target.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
  window.addEventListener("beforeunload", (event) => {
    if ([...document.querySelectorAll("main form[method=post]")].some((form) => dirty.has(form) && !form.dataset.sent && form.querySelector("textarea"))) event.preventDefault();
  });

  // -- figures that are still being counted ----------------------------------------------------------------------------
  const later = document.querySelector("[data-later]");
  if (later) ask(later.dataset.later).then((text) => { if (text) document.getElementById("figures").innerHTML = text; });
  const again = document.querySelector("[data-reload-in]");
  if (again) setTimeout(() => location.reload(), again.dataset.reloadIn * 1000);

  // A doubtful field first: hands stay on the keyboard.
  if (!location.hash || location.hash === "#kiem-tra") document.querySelector(".cell.doubtful input:not([type=hidden]), .cell.doubtful select, .cell.doubtful textarea")?.focus({ preventScroll: !location.hash });
  listen();
})();
