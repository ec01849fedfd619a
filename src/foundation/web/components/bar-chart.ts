import { html } from '../html.ts'
import type { Html } from '../html.ts'

interface Day {
  readonly label: string
  /** One value for each series, none negative. */
  readonly values: readonly number[]
}

export interface BarChart {
  readonly caption: string
  /** The names of a day's values, such as sign-ins and refusals; the stylesheet distinguishes at most two. */
  readonly series: readonly string[]
  readonly days: readonly Day[]
  /** The label of the element that opens the same numbers as a table. */
  readonly tableLabel: string
  /** The language in which numbers are formatted (BCP 47). */
  readonly language: string
}

/** Coordinates of the drawing. It is stretched to the width of the page, so only the proportions matter. */
const HEIGHT = 100
const DAY = 10
const GAP = 2
/** Gap between the bars of one day, wide enough to keep the outline of a hollow bar visible on a phone. */
const BETWEEN = 1.4

/** Numbers by day as bars side by side, and as a table for screen readers. */
export function barChart(chart: BarChart): Html {
  const { caption, series, days, tableLabel, language } = chart
  const most = Math.max(0, ...days.flatMap(({ values }) => values))
  const shown = new Intl.NumberFormat(language)
  return html`<figure class="chart">
    <figcaption>${caption}</figcaption>
    <p class="legend">${series.map((name, at) => html`<span class="key series-${at}">${name}</span>`)}</p>
    <div class="plot">
      <span class="most" aria-hidden="true">${shown.format(most)}</span>
      <svg viewBox="0 0 ${days.length * DAY} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${caption}">
        ${days.map((day, at) => dayBars(day, at, most))}
      </svg>
      <span aria-hidden="true">${days.at(0)?.label}</span>
      <span aria-hidden="true">${days.at(-1)?.label}</span>
    </div>
    <details>
      <summary>${tableLabel}</summary>
      ${numbersTable(chart, shown)}
    </details>
  </figure>`
}

function dayBars({ values }: Day, at: number, most: number): Html {
  const count = Math.max(1, values.length)
  const width = (DAY - GAP - BETWEEN * (count - 1)) / count
  return html`${values.map((value, which) => {
    const height = most === 0 ? 0 : (value / most) * HEIGHT
    const x = at * DAY + GAP / 2 + which * (width + BETWEEN)
    return html`<rect
      class="series-${which}"
      x="${rounded(x)}"
      y="${rounded(HEIGHT - height)}"
      width="${rounded(width)}"
      height="${rounded(height)}"
    />`
  })}`
}

function numbersTable({ caption, series, days }: BarChart, shown: Intl.NumberFormat): Html {
  return html`<table class="numbers">
    <caption class="unseen">
      ${caption}
    </caption>
    <thead>
      <tr>
        <td></td>
        ${series.map((name) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${days.map(
        ({ label, values }) =>
          html`<tr>
            <th scope="row">${label}</th>
            ${values.map((value) => html`<td>${shown.format(value)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`
}

function rounded(length: number): string {
  return length.toFixed(2)
}
