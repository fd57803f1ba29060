// A public page draws its charts from its tables, and nothing else.
import { draw } from "./charts.js";

for (const table of document.querySelectorAll("table[data-chart]")) draw(table);
