/** Lines over the days of a month, drawn by uPlot; a table beside it says the same. */

import uPlot from "../signaling/browser/vendor/uplot.js";

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} color a custom property of base.css
 * @property {readonly number[]} dash lengths, so that no colour speaks alone
 * @property {readonly (number | null)[]} values
 */

/**
 * @typedef {object} Series
 * @property {readonly string[]} dates `YYYY-MM-DD`
 * @property {readonly Line[]} lines
 * @property {string} unit
 */

const HIGH = 260;
const HALF_DAY = 43_200;
const NAME = 40;

/** `<illico-series .series=…>`: hidden from screen readers, which have the table. */
export class IllicoSeries extends HTMLElement {
  /** @type {uPlot | null} */
  #plot = null;
  /** @type {Series | null} */
  #series = null;
  #watch = new ResizeObserver(() => this.#fit());

  connectedCallback() {
    this.setAttribute("aria-hidden", "true");
    this.#watch.observe(this);
    this.#draw();
  }

  disconnectedCallback() {
    this.#watch.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  /** @param {Series} series */
  set series(series) {
    if (JSON.stringify(series) === JSON.stringify(this.#series)) return;
    this.#series = series;
    if (this.isConnected) this.#draw();
  }

  #fit() {
    const width = this.clientWidth;
    if (this.#plot !== null && width > 0 && width !== this.#plot.width) {
      this.#plot.setSize({ width, height: HIGH });
    }
  }

  #draw() {
    if (this.#series === null) return;
    this.#plot?.destroy();
    const { dates, lines, unit } = this.#series;
    const days = dates.map((date) => Date.parse(`${date}T00:00:00Z`) / 1000);
    this.#plot = new uPlot(
      options(this, days, lines, unit),
      [days, ...lines.map((line) => [...line.values])],
      this,
    );
  }
}

customElements.define("illico-series", IllicoSeries);

/**
 * @param {HTMLElement} host
 * @param {readonly number[]} days seconds since 1970
 * @param {readonly Line[]} lines
 * @param {string} unit
 * @returns {uPlot.Options}
 */
function options(host, days, lines, unit) {
  const style = getComputedStyle(host);
  const ink = style.getPropertyValue("--ink");
  const axis = { stroke: ink, grid: { stroke: style.getPropertyValue("--line") } };
  return {
    width: Math.max(240, host.clientWidth),
    height: HIGH,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: {
        time: false,
        range: (_, first, last) => [first - HALF_DAY, last + HALF_DAY],
      },
      y: { range: (_, _low, high) => [0, Math.max(70, high * 1.1)] },
    },
    axes: [
      {
        ...axis,
        splits: (plot) => shown(days, plot.width),
        values: (_, some) => some.map((day) => new Date(day * 1000).getUTCDate()),
      },
      { ...axis, size: 60, values: (_, all) => all.map((each) => `${each} ${unit}`) },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.name,
        stroke: style.getPropertyValue(line.color),
        width: 2.5,
        dash: [...line.dash],
        points: { show: line.values.filter((each) => each !== null).length < 3 },
      })),
    ],
  };
}

/**
 * The days that are named below: as many as there is room for.
 * @param {readonly number[]} days
 * @param {number} width
 * @returns {number[]}
 */
function shown(days, width) {
  const step = Math.max(1, Math.ceil(days.length * NAME / width));
  return days.filter((_, place) => place % step === 0);
}
