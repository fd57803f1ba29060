// A chart of each table that asks for one: its first column names the places, each further column is a series, but for those that are
// `data-undrawn`. `data-series` of a head says which colour it has.

const number = (cell) => Number(cell.dataset.value ?? cell.textContent.replace(/\./g, "").replace(",", "."));

export function draw(table) {
  const canvas = document.getElementById(table.dataset.chart);
  const style = getComputedStyle(canvas);
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const drawn = heads.filter((head) => head.cellIndex && !("undrawn" in head.dataset));
  const sets = drawn.map((head) => {
    const colour = style.getPropertyValue(`--series-${head.dataset.series ?? head.cellIndex}`);
    return {
      label: head.textContent.trim(),
      data: rows.map((row) => number(row.cells[head.cellIndex])),
      backgroundColor: colour,
      borderColor: colour,
    };
  });
  const axis = { ticks: { color: style.color }, grid: { color: style.getPropertyValue("--chart-line") } };
  return new Chart(canvas, {
    type: table.dataset.kind ?? "bar",
    data: { labels: rows.map((row) => (row.cells[0].querySelector("a") ?? row.cells[0]).textContent.trim()), datasets: sets },
    options: {
      animation: false,
      font: { size: parseFloat(style.fontSize), family: style.fontFamily },
      maintainAspectRatio: false,
      indexAxis: table.dataset.axis ?? "x",
      plugins: { legend: { display: sets.length > 1, labels: { color: style.color, boxWidth: 16 } } },
      scales: { x: { ...axis, stacked: "stacked" in table.dataset }, y: { ...axis, beginAtZero: true, stacked: "stacked" in table.dataset } },
    },
  });
}
