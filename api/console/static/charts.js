// A chart of each table that asks for one: its first column names the places, each further column is a series.

const number = (cell) => Number(cell.dataset.value ?? cell.textContent.replace(/\./g, "").replace(",", "."));

export function draw(table) {
  const canvas = document.getElementById(table.dataset.chart);
  const style = getComputedStyle(canvas);
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const sets = heads.slice(1).map((head, column) => ({
    label: head.textContent.trim(),
    data: rows.map((row) => number(row.cells[column + 1])),
    backgroundColor: style.getPropertyValue(`--series-${column + 1}`),
    borderColor: style.getPropertyValue(`--series-${column + 1}`),
  }));
  const axis = { ticks: { color: style.color }, grid: { color: style.getPropertyValue("--chart-line") } };
  new Chart(canvas, {
    type: table.dataset.kind ?? "bar",
    data: { labels: rows.map((row) => row.cells[0].textContent.trim()), datasets: sets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      indexAxis: table.dataset.axis ?? "x",
      plugins: { legend: { display: sets.length > 1, labels: { color: style.color } } },
      scales: { x: { ...axis, stacked: "stacked" in table.dataset }, y: { ...axis, beginAtZero: true, stacked: "stacked" in table.dataset } },
    },
  });
}
