// A bar chart as inline SVG, each bar beside what it is compared with: time runs as the language is
// read. Heights are for the eye only; the exact figures stand in the table below it.
import { html } from "./html.js";

const WIDTH = 640;
const HEIGHT = 240;
const LABELS_MAX = 7;
const TEXT = 20; // the height of a text with what is free around it
const PAD = { left: 66, right: 10, top: 26, bottom: 30 };

/**
 * bars: [{ label, value, text, beside }]; value: a number for its height; text: what stands above it,
 * "" for nothing; beside: a number for the height of the mark that it is compared with, null: none.
 * tick: what a number is called on the axis.
 */
export function barChart(bars, { title, unit, direction, tick }) {
  const most = Math.max(...bars.flatMap((bar) => [bar.value, bar.beside ?? 0]), 1);
  const top = ceiling(most * 1.1); // room for the text above the highest bar
  const inner = { width: WIDTH - PAD.left - PAD.right, height: HEIGHT - PAD.top - PAD.bottom };
  const step = inner.width / bars.length;
  const wide = Math.min(step * 0.62, 56);
  const y = (value) => PAD.top + inner.height * (1 - value / top);
  const rtl = direction === "rtl";
  const axis = rtl ? WIDTH - PAD.left + 6 : PAD.left - 6;
  const every = Math.ceil(bars.length / LABELS_MAX);
  const lines = [0, 0.25, 0.5, 0.75, 1].map((part) => part * top);
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}" direction="ltr">
<title>${title}</title>
<text class="unit" x="${axis}" y="14" text-anchor="${rtl ? "start" : "end"}" direction="ltr">${unit}</text>
${lines.map((value) => html`<line class="grid" x1="${rtl ? PAD.right : PAD.left}" x2="${rtl ? WIDTH - PAD.left : WIDTH - PAD.right}" y1="${y(value)}" y2="${y(value)}"/>
<text class="tick" x="${axis}" y="${y(value) + 4}" text-anchor="${rtl ? "start" : "end"}" direction="ltr">${tick(value)}</text>`)}
${bars.map((bar, place) => {
    const start = rtl ? WIDTH - PAD.left - step * (place + 1) : PAD.left + step * place;
    const middle = start + step / 2;
    const mark = bar.beside === null ? null : y(bar.beside);
    const crossed = mark !== null && mark < y(bar.value) && mark > y(bar.value) - TEXT;
    const above = (crossed ? mark : y(bar.value)) - 6;
    return html`<g><rect class="bar" x="${middle - wide / 2}" y="${y(bar.value)}" width="${wide}" height="${Math.max(PAD.top + inner.height - y(bar.value), 1)}" rx="3"><title>${bar.label}: ${tick(bar.value)} ${unit}</title></rect>
${mark !== null && html`<line class="norm" x1="${start + 2}" x2="${start + step - 2}" y1="${mark}" y2="${mark}"/>`}
<text class="value" x="${middle}" y="${above}" text-anchor="middle" direction="ltr">${bar.text}</text>
<text class="tick" x="${middle}" y="${HEIGHT - 10}" text-anchor="middle" direction="${direction}">${place % every === 0 ? bar.label : ""}</text></g>`;
  })}
</svg>`;
}

/** The next round number: its quarters are short. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((one) => one * power).find((one) => one >= value);
}
