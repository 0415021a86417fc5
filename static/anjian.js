/*
 * Conveniences over pages that work without them. Loaded in the head and not deferred,
 * so that the chosen theme is set before the first paint; everything else listens on
 * the document and needs no element to exist yet.
 */
"use strict";

(() => {
  const root = document.documentElement;
  root.classList.add("js");

  // localStorage throws when the reader forbids it; the page must not.
  const remembered = (name) => {
    try { return localStorage.getItem(name); } catch { return null; }
  };
  const remember = (name, value) => {
    try { localStorage.setItem(name, value); } catch { /* kept for this page only */ }
  };

  // Theme: the system's, or the one chosen.
  const themes = ["auto", "light", "dark"];
  const showTheme = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  const nextTheme = () => {
    const theme = themes[(themes.indexOf(root.dataset.theme ?? "auto") + 1) % themes.length];
    remember("theme", theme);
    showTheme(theme);
  };
  showTheme(remembered("theme"));

  const say = (sentence) => {
    const live = document.getElementById("live");
    if (live) live.textContent = sentence;
  };

  const copy = async (button) => {
    const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const text = source ? source.value ?? source.textContent.trim() : button.dataset.copy;
    await navigator.clipboard.writeText(text);
    say(button.dataset.copied ?? "");
    button.classList.add("is-copied");
    setTimeout(() => button.classList.remove("is-copied"), 1500);
  };

  // A form with data-confirm asks first, in the one dialog that every page carries.
  const confirmed = new WeakSet();
  const ask = (form, submitter) => {
    const dialog = document.getElementById("confirm-dialog");
    dialog.querySelector("[data-question]").textContent =
      submitter?.dataset.confirm ?? form.dataset.confirm;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      confirmed.add(form);
      form.requestSubmit(submitter ?? undefined);
      confirmed.delete(form);
    }, { once: true });
    dialog.showModal();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset?.confirm;
    if (!question || confirmed.has(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, event.submitter);
  }, true);

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button, a");
    if (button?.matches("[data-theme-toggle]")) nextTheme();
    if (button?.matches("[data-ticks]")) tickAll(button);
    if (button?.matches("[data-copy], [data-copy-from]")) copy(button);
    if (button?.dataset.opens) openDialog(button.dataset.opens);
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-single-keys]")) {
      remember("single-keys", event.target.checked ? "on" : "off");
    }
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  // Keys: `/` search, `?` the list, j and k through rows, and what data-key names.
  const shown = (element) => element.checkVisibility() && !element.closest("dialog");

  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog) return;
    if (id === "keys-dialog") listKeys(dialog);
    dialog.showModal();
  };

  const listKeys = (dialog) => {
    const list = dialog.querySelector("[data-page-keys]");
    list.replaceChildren();
    for (const element of document.querySelectorAll("[data-key]")) {
      if (!shown(element)) continue;
      const term = document.createElement("dt");
      const key = document.createElement("kbd");
      key.textContent = element.dataset.key.toUpperCase();
      term.append(key);
      const label = element.cloneNode(true);
      label.querySelectorAll("kbd").forEach((hint) => hint.remove());
      const meaning = document.createElement("dd");
      meaning.textContent = element.dataset.keyLabel ?? label.textContent.trim();
      list.append(term, meaning);
    }
    dialog.querySelector("[data-single-keys]").checked = remembered("single-keys") !== "off";
  };

  // Ticks every box of that name in the form, or none when all are ticked already.
  const tickAll = (button) => {
    const boxes = [...button.form.querySelectorAll("input[type=checkbox]")]
      .filter((box) => box.name === button.dataset.ticks);
    const every = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !every;
  };

  const step = (by) => {
    const rows = [...document.querySelectorAll("[data-row]")].filter(shown);
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const there = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
    const row = rows[Math.min(Math.max(there, 0), rows.length - 1)];
    row.querySelector("input[type=checkbox], a, button, summary")?.focus();
    row.scrollIntoView({ block: "nearest" });
  };

  // The row last worked in stays marked while the focus is elsewhere.
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-row]");
    const marked = row?.parentElement.querySelector(".is-current");
    if (!marked) return;
    marked.classList.remove("is-current");
    row.classList.add("is-current");
  });

  // On a narrow screen what a click has fetched may lie below what is seen.
  document.addEventListener("htmx:afterSwap", (event) => {
    const { requestConfig, target } = event.detail;
    if (requestConfig?.elt.matches("[data-into-view]")) target.scrollIntoView({ block: "nearest" });
  });

  // Words selected in a preview can be reported with the place where they stand.
  document.addEventListener("selectionchange", () => {
    const link = document.querySelector("[data-report-selection]");
    if (!link) return;
    const selection = document.getSelection();
    const quote = selection.toString().trim().slice(0, 300);
    const node = selection.anchorNode;
    const inside = (node instanceof Element ? node : node?.parentElement)?.closest(".preview");
    const shows = Boolean(quote && inside);
    link.parentElement.hidden = !shows;
    if (!shows) return;
    const part = (node instanceof Element ? node : node.parentElement).closest("[data-report-part]");
    const query = new URLSearchParams(part?.dataset.reportPart ?? "");
    query.set("quote", quote);
    link.href = `${inside.dataset.reportFrom}?${query}`;
  });

  const press = (key) => {
    if (key === "?") return openDialog("keys-dialog"), true;
    if (key === "j" || key === "k") return step(key === "j" ? 1 : -1), true;
    if (key === "/") {
      const search = [...document.querySelectorAll("[data-search]")].filter(shown).at(-1);
      return search?.focus(), search?.select(), Boolean(search);
    }
    const target = [...document.querySelectorAll("[data-key]")]
      .find((element) => element.dataset.key.toLowerCase() === key && shown(element));
    if (!target) return false;
    if (target.matches("a, button, summary")) target.click(); else target.focus();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
    if (event.target.matches?.(typing) || document.querySelector("dialog[open]")) return;
    if (event.key !== "?" && remembered("single-keys") === "off") return;
    if (press(event.key.toLowerCase())) event.preventDefault();
  });
})();
