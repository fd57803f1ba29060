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
  if (form.method === "dialog" || event.defaultPrevented || form.matches("[data-keep-filter]")) return;
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

// --- what is written in a long form outlives an expired session or a closed tab, in that form alone, until it was sent and taken:
// a form is where it is sent to and what it is about
const place = (field) => `dondoc-draft:${field.form?.getAttribute("action") ?? location.pathname}:${field.form?.dataset.about ?? ""}:${field.name}`;
const refill = () => {
  for (const field of document.querySelectorAll("textarea[data-draft]")) {
    const draft = localStorage.getItem(place(field));
    if (draft && !field.value) field.value = draft;
  }
};
document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-draft]")) localStorage.setItem(place(event.target), event.target.value);
});
for (const done of document.querySelectorAll("[data-drafts-done]")) {
  const prefix = `dondoc-draft:${done.dataset.draftsDone}`;
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
}
refill();

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
  const scope = document.querySelector("[data-narrowed]") ?? document;
  const words = plain(find.value).split(/\s+/).filter(Boolean);
  for (const row of scope.querySelectorAll("[data-row]")) {
    row.dataset.plain ??= plain(row.dataset.row);
    const found = words.every((word) => row.dataset.plain.includes(word));
    const grouped = !group?.value || row.dataset.group === group.value;
    const kept = !only?.value || row.dataset.has.split(" ").includes(only.value);
    row.hidden = !(found && grouped && kept);
  }
  // a branch of a tree stays while one of its leaves is found, and opens to show it
  for (const branch of words.length ? scope.querySelectorAll("details[data-row]") : []) {
    branch.hidden = !branch.querySelector("[data-row]:not(details):not([hidden])");
    branch.open = true;
  }
  const shown = document.querySelector("[data-shown]");
  if (shown) shown.textContent = document.querySelectorAll("[data-row]:not([hidden])").length;
};
// --- several of a long list: looked for without diacritics; what is chosen stays in sight
document.addEventListener("input", (event) => {
  const list = event.target.closest(".several");
  if (!list) return;
  const words = plain(list.querySelector("[type=search]")?.value ?? "").split(/\s+/).filter(Boolean);
  for (const line of list.querySelectorAll("label")) {
    line.dataset.plain ??= plain(line.textContent);
    line.hidden = !line.querySelector(":checked") && !words.every((word) => line.dataset.plain.includes(word));
  }
  list.querySelector("[data-several]").textContent = list.querySelectorAll(":checked").length;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches(".several [type=search]")) event.preventDefault();
});

// --- one line more of a form that takes several: the last one again, empty, with the next number
document.addEventListener("click", (event) => {
  const many = event.target.closest("[data-more]")?.closest(".of-many");
  if (!many) return;
  const lines = many.querySelectorAll("[data-of-many]");
  const line = lines[lines.length - 1].cloneNode(true);
  for (const field of line.querySelectorAll("[name]")) {
    field.name = field.name.replace(/:\d+:/, `:${lines.length}:`);
    field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+$/, lines.length + 1));
    if (!field.matches("select")) field.value = "";
  }
  lines[lines.length - 1].after(line);
  line.querySelector("[name]").focus();
});

// What one looks for stands in the address: a page that is loaded again, kept or sent to a colleague shows the same.
const filters = () => document.querySelectorAll("[data-find], [data-group-filter], [data-only]");
const filter = () => {
  const asked = new URLSearchParams(location.search);
  for (const field of filters()) asked.set(field.name, field.value);
  for (const [name, value] of [...asked]) if (!value) asked.delete(name);
  return asked.size ? `?${asked}` : "";
};
const restore = () => {
  const asked = new URLSearchParams(location.search);
  for (const field of filters()) field.value = asked.get(field.name) ?? "";
  narrow();
};
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-find], [data-group-filter], [data-only]")) return;
  history.replaceState(null, "", location.pathname + filter());
  narrow();
});
restore();

// --- filters that are kept, each under a name, in this browser
const kept = () => JSON.parse(localStorage.getItem("dondoc-filters") ?? "{}");
const list = () => {
  for (const place of document.querySelectorAll("[data-filters]")) {
    place.replaceChildren(...Object.entries(kept()).map(([name, query]) => {
      const link = document.createElement("a");
      link.className = "btn btn-sm";
      link.href = location.pathname + query;
      link.textContent = name;
      return link;
    }));
  }
};
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-keep-filter]")) return;
  event.preventDefault();
  const name = new FormData(event.target).get("name").trim();
  const all = kept();
  if (filter()) all[name] = filter();
  else delete all[name];
  localStorage.setItem("dondoc-filters", JSON.stringify(all));
  event.target.reset();
  list();
}, { capture: true });
list();

// --- keys; never while a Vietnamese input method is composing, never while one writes
const rows = () => [...document.querySelectorAll("[data-row]:not([hidden])")];
const mark = (row) => {
  row?.classList.add("row-here");
  (row?.matches("a") ? row : row?.querySelector("a, button, input"))?.focus({ preventScroll: true });
};
const step = (by) => {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.classList.contains("row-here"));
  all[here]?.classList.remove("row-here");
  const next = all[Math.min(Math.max(here + by, 0), all.length - 1)];
  mark(next);
  next.scrollIntoView({ block: "nearest" });
};
const here = () => document.querySelector(".row-here");
const keys = document.querySelector("[data-keys-switch]");
keys.checked = localStorage.getItem("dondoc-keys") !== "off";
keys.addEventListener("change", () => localStorage.setItem("dondoc-keys", keys.checked ? "on" : "off"));
let going = false;
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.altKey || event.metaKey) return;
  if (event.key === "Enter" && event.ctrlKey && event.target.form) {
    event.target.form.requestSubmit();
    return;
  }
  if (event.ctrlKey || (input(event.target) && event.target.type !== "checkbox") || document.querySelector("dialog[open]")) return;
  if (!keys.checked) return;
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
    e: () => (here()?.matches("a") ? here() : here()?.querySelector("a"))?.click(),
    g: () => { going = true; },
  }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

// --- what others do meanwhile: the page asks for itself anew, unless somebody is writing or choosing on it
const busy = () => chosen() > 0
  || [...document.querySelectorAll("#live .several [type=checkbox]")].some((box) => box.checked !== box.defaultChecked)
  || [...document.querySelectorAll("#live textarea, #live input:not([type=hidden]):not([type=checkbox]):not([type=search])")].some((field) => field.value !== field.defaultValue)
  || document.querySelector("#live details.deed[open] :focus, dialog[open]");
const stream = document.querySelector("[data-live]")?.dataset.live;
let asked = Date.now();
const moved = async () => {
  if (busy() || Date.now() - asked < 10_000) {
    document.querySelector("[data-news]").hidden = false;
    return;
  }
  const scrolled = document.querySelector(".matrix-frame");
  const [left, top, row] = [scrolled?.scrollLeft, scrolled?.scrollTop, here()?.dataset.row];
  asked = Date.now();
  await htmx.ajax("GET", location.href, { target: "#live", select: "#live", swap: "outerHTML", headers: { "X-By-Itself": "1" } });
  document.querySelector(".matrix-frame")?.scrollTo(left, top);
  restore();
  list();
  count();
  mark(rows().find((one) => one.dataset.row === row));
};
// a page that nobody looks at keeps no connection: a browser has six for all its tabs
let hearing;
const listen = () => {
  if (document.hidden) {
    hearing?.close();
    hearing = undefined;
  } else if (!hearing) {
    hearing = new EventSource(stream);
    hearing.addEventListener("moved", moved);
  }
};
if (stream && !location.search.includes("done=")) {
  listen();
  document.addEventListener("visibilitychange", () => {
    listen();
    if (!document.hidden && !busy() && Date.now() - asked > 10_000) moved();
  });
}

// --- windows over the page
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  if (event.target.closest("[data-print]")) print();
});

// --- files go up one after the other, as they are, with their progress
const send = (file, address, bar, item = "") => new Promise((done, failed) => {
  const request = new XMLHttpRequest();
  request.open("POST", `${address}?name=${encodeURIComponent(file.name.normalize("NFC"))}${item && `&item=${encodeURIComponent(item)}`}`);
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("Accept-Language", document.documentElement.lang);
  request.upload.addEventListener("progress", (event) => { bar.value = event.loaded / event.total; });
  request.addEventListener("load", () => {
    if (request.status < 300) return done();
    const said = JSON.parse(request.responseText || "{}");
    const faults = (said.errors ?? []).map((one) => `${one.where}: ${one.text}`);
    failed(new Error([said.detail ?? `${request.status}`, ...faults].join("\n")));
  });
  request.addEventListener("error", () => failed(new Error(document.documentElement.lang === "vi" ? "Mất kết nối; hãy gửi lại." : "The connection was lost; send it again.")));
  request.send(file);
});
const upload = async (field) => {
  const [bar, said] = [field.parentElement.querySelector("progress"), field.parentElement.querySelector("[role=alert]")];
  bar.hidden = false;
  said.hidden = true;
  try {
    for (const file of field.files) await send(file, field.dataset.upload, bar, field.dataset.item);
    location.reload();
  } catch (error) {
    bar.hidden = true;
    said.hidden = false;
    said.textContent = error.message;
  }
};
// what cannot be taken back waits for its button; a file that was chosen by mistake is not sent
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-upload]") && !field.parentElement.querySelector("[data-upload-now]")) upload(field);
});
document.addEventListener("click", (event) => {
  const field = event.target.closest("[data-upload-now]")?.parentElement.querySelector("[data-upload]");
  if (field?.reportValidity()) upload(field);
});

// --- a file whose answer is a page: faults by cell, or what it would change; sent again once that was seen
let chosenFile;
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-send-file]") || !event.target.files.length) return;
  chosenFile = event.target.files[0];
  sendFile(event.target, chosenFile);
});
document.addEventListener("click", (event) => {
  const again = event.target.closest("[data-send-again]");
  if (again && chosenFile) sendFile(document.querySelector("[data-send-file]"), chosenFile, `&sure=yes${again.dataset.sendAgain}`);
});

function sendFile(field, file, sure = "") {
  const place = field.closest("[data-sending]");
  const [bar, said] = [place.querySelector("progress"), place.querySelector("[role=alert]")];
  const fail = (words) => { bar.hidden = true; said.hidden = false; said.textContent = words; field.value = ""; };
  if (file.size > Number(field.dataset.most)) return fail(field.dataset.tooLarge);
  const also = [...place.querySelectorAll("[data-also]")].map((one) => `&${one.name}=${encodeURIComponent(one.value)}`).join("");
  const request = new XMLHttpRequest();
  request.open("POST", `${field.dataset.sendFile}${also}&name=${encodeURIComponent(file.name.normalize("NFC"))}${sure}`);
  request.responseType = "document";
  const headers = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("Accept", "text/html");
  request.upload.addEventListener("progress", (sent) => { bar.value = sent.loaded / sent.total; });
  request.addEventListener("load", () => {
    if (new URL(request.responseURL, location.href).pathname.startsWith("/jobs/")) return location.assign(request.responseURL);
    const main = request.response?.querySelector("main");
    if (!main) return fail(request.response?.querySelector("h1")?.textContent ?? field.dataset.lost);
    document.querySelector("main").replaceWith(main);
    main.querySelector("[role=alert]:not([hidden]), [role=status]")?.scrollIntoView({ block: "center" });
  });
  request.addEventListener("error", () => fail(field.dataset.lost));
  said.hidden = true;
  bar.hidden = false;
  request.send(file);
}

// --- long work says how far it is, until it is over; a connection that breaks off is taken up again by the browser
for (const place of document.querySelectorAll("[data-events]")) {
  const events = new EventSource(place.dataset.events);
  events.addEventListener("progress", (event) => {
    const told = JSON.parse(event.data);
    place.querySelector("progress").value = told.percent;
    place.querySelector("[data-said]").textContent = told.said;
    place.querySelector("[data-next]").textContent = told.next;
  });
  events.addEventListener("over", () => {
    events.close();
    location.reload();
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
