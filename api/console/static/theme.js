// Light or dark, before anything is drawn: what the reader chose, else what their system says.
const kept = localStorage.getItem("dondoc-theme");
const dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
