// Exact loss and best size against compute, drawn by uPlot in logarithms to base ten.

const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const DASHES = [[], [9, 4], [2, 4], [11, 4, 2, 4], [5, 3]];
const POINTS = 5;

export const powerOfTen = (exponent) => `10${String(exponent).replace(/[-\d]/g, (each) => SUPERSCRIPT[each])}`;

/** 2.35e-4 as 2.35×10⁻⁴. */
export function scientific(log10, digits = 3) {
  if (log10 === null || log10 === undefined) return "–";
  let exponent = Math.floor(log10);
  let leading = (10 ** (log10 - exponent)).toPrecision(digits);
  if (Number(leading) >= 10) [leading, exponent] = [(1).toPrecision(digits), exponent + 1];
  return `${leading}×${powerOfTen(exponent)}`;
}

/** The colours that the style sheet gives in the present theme. */
function colours(names) {
  const probe = document.body.appendChild(document.createElement("span"));
  const found = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return found;
}

/** Text at the right ends of lines, moved apart where it would overlap. */
function endLabels(names) {
  return (plot) => {
    const context = plot.ctx;
    const ratio = devicePixelRatio || 1;
    const ends = [];
    for (let n = 1; n < plot.series.length; n++) {
      const last = plot.data[n].findLastIndex((value) => value !== null && value !== undefined);
      if (!names[n - 1] || !plot.series[n].show || last < 0) continue;
      const level = plot.valToPos(plot.data[n][last], "y", true);
      ends.push({ text: names[n - 1], colour: plot.series[n].label_colour, y: level });
    }
    ends.sort((one, other) => one.y - other.y);
    const gap = 15 * ratio;
    const { left, top, width, height } = plot.bbox;
    for (let n = 1; n < ends.length; n++) ends[n].y = Math.max(ends[n].y, ends[n - 1].y + gap);
    for (let n = ends.length - 1, limit = top + height; n >= 0; n--, limit = ends[n + 1].y - gap)
      ends[n].y = Math.min(ends[n].y, limit);
    context.save();
    context.font = `${12 * ratio}px system-ui, sans-serif`;
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (const end of ends) {
      context.fillStyle = end.colour;
      context.fillText(end.text, left + width + 6 * ratio, end.y);
    }
    context.restore();
  };
}

/**
 * A chart in `box`: series = [{name, end, kind: "line" | "points" | "guide", colour, dash}], x and y labelled.
 * Returns {show(rows), theme(), toggle(n, on), hover(callback)}; rows[0] holds the abscissas, all are base-ten logarithms.
 */
export function makeChart(box, { series, x, y, right, height, onHover }) {
  let plot = null;
  let rows = null;
  const hidden = new Set();

  const axis = (label, ink, grid, font) => ({
    label,
    labelSize: 24,
    labelFont: font,
    font,
    stroke: ink,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1, size: 5 },
    incrs: [1, 2, 3, 4, 5, 10, 20, 50],
    values: (_, splits) => splits.map((each) => (Number.isInteger(each) ? powerOfTen(each) : "")),
  });

  function options(width) {
    const names = ["ink-soft", "rule", ...series.map((each) => each.colour)];
    const [ink, grid, ...lines] = colours(names);
    const font = "12px system-ui, sans-serif";
    return {
      width,
      height: height(width),
      padding: [12, right, 0, 4],
      legend: { show: false },
      cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
      scales: { x: { time: false }, y: { range: (_, low, high) => [Math.floor(low - 0.15), Math.ceil(high + 0.15)] } },
      axes: [
        { ...axis(x, ink, grid, font), size: 34 },
        { ...axis(y, ink, grid, font), size: 52, space: 34 },
      ],
      series: [
        {},
        ...series.map((each, n) => ({
          label: each.name,
          show: !hidden.has(n),
          stroke: lines[n],
          label_colour: lines[n],
          width: each.kind === "points" ? 0 : each.kind === "guide" ? 1.5 : 2,
          dash: each.kind === "guide" ? [3, 3] : each.dash,
          spanGaps: false,
          points: each.kind === "points" ? { show: true, size: POINTS, fill: lines[n], width: 1 } : { show: false },
          ...(each.kind === "points" ? { paths: () => null } : {}),
        })),
      ],
      hooks: {
        draw: [endLabels(series.map((each) => each.end))],
        setCursor: [(u) => onHover?.(u.cursor.idx ?? null)],
      },
    };
  }

  function rebuild() {
    const width = box.clientWidth;
    if (!width || !rows) return;
    plot?.destroy();
    plot = new uPlot(options(width), rows, box);
  }

  new ResizeObserver(() => {
    if (plot && box.clientWidth && box.clientWidth !== plot.width)
      plot.setSize({ width: box.clientWidth, height: height(box.clientWidth) });
    else if (!plot) rebuild();
  }).observe(box);

  return {
    show(next) {
      rows = next;
      if (plot) plot.setData(rows);
      else rebuild();
    },
    theme: rebuild,
    toggle(n, on) {
      if (on) hidden.delete(n);
      else hidden.add(n);
      plot?.setSeries(n + 1, { show: on });
    },
  };
}

export const lineStyle = (n) => DASHES[n % DASHES.length];
