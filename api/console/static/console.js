// What pages do beyond links and forms: keys, drafts, one send for one press. Everything works without it.

const input = (element) => element?.matches?.("input, textarea, select, [contenteditable]");

// --- light or dark
document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
  const theme = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
  document.documentElement.dataset.bsTheme = theme;
  localStorage.setItem("dondoc-theme", theme);
});

// --- a form that was sent is not sent again by a second press
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// --- what is written in a long form outlives an expired session or a closed tab
const place = (field) => `dondoc-draft:${location.pathname}:${field.form?.getAttribute("action")}:${field.name}`;
for (const field of document.querySelectorAll("textarea[data-draft]")) {
  const draft = localStorage.getItem(place(field));
  if (draft && !field.value) field.value = draft;
  field.addEventListener("input", () => localStorage.setItem(place(field), field.value));
}
for (const done of document.querySelectorAll("[data-drafts-done]")) {
  const prefix = `dondoc-draft:${done.dataset.draftsDone}:`;
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
}

// --- rows that are chosen
const chosen = () => document.querySelectorAll("[data-choose]:checked").length;
const count = () => {
  for (const bar of document.querySelectorAll("[data-chosen-bar]")) {
    bar.hidden = chosen() === 0;
    for (const figure of bar.querySelectorAll("[data-chosen]")) figure.textContent = chosen();
  }
};
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-choose-all]")) {
    for (const box of document.querySelectorAll("[data-choose]")) if (!box.closest("[hidden]")) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-choose], [data-choose-all]")) count();
});
count();

// --- looking for rows: without diacritics, as one types
const plain = (words) => words.normalize("NFD").replace(/\p{Diacritic}/gu, "").replace(/đ/gi, "d").toLowerCase();
const narrow = () => {
  const find = document.querySelector("[data-find]");
  const group = document.querySelector("[data-group-filter]");
  const only = document.querySelector("[data-only]");
  if (!find) return;
  const words = plain(find.value).split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll("[data-row]")) {
    row.dataset.plain ??= plain(row.dataset.row);
    const found = words.every((word) => row.dataset.plain.includes(word));
    const grouped = !group?.value || row.dataset.group === group.value;
    const kept = !only?.value || row.dataset.has.split(" ").includes(only.value);
    row.hidden = !(found && grouped && kept);
  }
  const shown = document.querySelector("[data-shown]");
  if (shown) shown.textContent = document.querySelectorAll("[data-row]:not([hidden])").length;
};
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-find], [data-group-filter], [data-only]")) narrow();
});
narrow();

// --- keys; never while a Vietnamese input method is composing, never while one writes
const rows = () => [...document.querySelectorAll("[data-row]:not([hidden])")];
const step = (by) => {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.classList.contains("row-here"));
  const next = all[Math.min(Math.max(here + by, 0), all.length - 1)];
  all[here]?.classList.remove("row-here");
  next.classList.add("row-here");
  next.querySelector("a, button, input")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
};
const here = () => document.querySelector(".row-here");
let going = false;
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.altKey || event.metaKey) return;
  if (event.key === "Enter" && event.ctrlKey && event.target.form) {
    event.target.form.requestSubmit();
    return;
  }
  if (event.ctrlKey || (input(event.target) && event.target.type !== "checkbox")) return;
  if (going) {
    going = false;
    document.querySelector(`.menu-body [data-key="${CSS.escape(event.key)}"]`)?.click();
    return;
  }
  const act = {
    "?": () => document.getElementById("keys").showModal(),
    "/": () => document.querySelector("[data-find]")?.focus(),
    j: () => step(1),
    k: () => step(-1),
    x: () => here()?.querySelector("[data-choose]")?.click(),
    e: () => here()?.querySelector("a")?.click(),
    g: () => { going = true; },
  }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

// --- windows over the page
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  if (event.target.closest("[data-print]")) print();
});

// --- files go up one after the other, as they are, with their progress
const send = (file, address, bar) => new Promise((done, failed) => {
  const request = new XMLHttpRequest();
  request.open("POST", `${address}?name=${encodeURIComponent(file.name.normalize("NFC"))}`);
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("Accept-Language", document.documentElement.lang);
  request.upload.addEventListener("progress", (event) => { bar.value = event.loaded / event.total; });
  request.addEventListener("load", () => {
    if (request.status < 300) return done();
    failed(new Error(JSON.parse(request.responseText || "{}").detail ?? `${request.status}`));
  });
  request.addEventListener("error", () => failed(new Error(document.documentElement.lang === "vi" ? "Mất kết nối; hãy gửi lại." : "The connection was lost; send it again.")));
  request.send(file);
});
for (const field of document.querySelectorAll("[data-upload]")) {
  field.addEventListener("change", async () => {
    const [bar, said] = [field.parentElement.querySelector("progress"), field.parentElement.querySelector("[role=alert]")];
    bar.hidden = false;
    said.hidden = true;
    try {
      for (const file of field.files) await send(file, field.dataset.upload, bar);
      location.reload();
    } catch (error) {
      bar.hidden = true;
      said.hidden = false;
      said.textContent = error.message;
    }
  });
}

// --- a text file is put into the field that takes its words
for (const field of document.querySelectorAll("[data-into]")) {
  field.addEventListener("change", async () => {
    const into = document.getElementById(field.dataset.into);
    if (field.files.length) into.value = (await field.files[0].text()).normalize("NFC").replace(/^\uFEFF/, "");
  });
}

// --- charts are drawn from the table beside them
const tables = [...document.querySelectorAll("table[data-chart]")];
if (tables.length) {
  const { draw } = await import("./charts.js");
  let drawn = [];
  const drawAll = () => {
    for (const chart of drawn) chart.destroy();
    drawn = tables.map(draw);
  };
  drawAll();
  new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
}

// --- paper is white, whatever the screen is
let theme;
addEventListener("beforeprint", () => {
  theme = document.documentElement.dataset.bsTheme;
  if (theme === "dark") document.documentElement.dataset.bsTheme = "light";
});
addEventListener("afterprint", () => {
  if (theme === "dark") document.documentElement.dataset.bsTheme = theme;
});
