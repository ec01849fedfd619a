import { type Html, html } from '../html.ts'

interface Day {
  readonly label: string
  /** One value for each series, none negative. */
  readonly values: readonly [area: number, line: number]
}

export interface DayChart {
  readonly caption: string
  /** The names of a day's values: the first series is drawn as an area, the second as a line. */
  readonly series: readonly [area: string, line: string]
  readonly days: readonly Day[]
  /** The label of the element that opens the same numbers as a table. */
  readonly tableLabel: string
  /** The language in which numbers are formatted (BCP 47). */
  readonly language: string
}

/** The drawing is stretched to the width of the page: one unit is a day across, and a hundredth of the height. */
const HEIGHT = 100
/** The least upper end of the axis, so that a few events do not look like many. */
const LEAST_TOP = 5

/** Two numbers by day from zero up: an area with a line, and a table for screen readers. */
export function dayChart(chart: DayChart): Html {
  const { caption, series, days, tableLabel, language } = chart
  const top = Math.max(LEAST_TOP, ...days.flatMap(({ values }) => values))
  const shown = new Intl.NumberFormat(language)
  const curve = (which: 0 | 1): string => points(days, which, top).join(' ')
  return html`<figure class="chart">
    <figcaption>${caption}</figcaption>
    <p class="legend">${series.map((name, at) => html`<span class="key series-${at}">${name}</span>`)}</p>
    <div class="plot">
      <span class="most" aria-hidden="true">${shown.format(top)}</span>
      <svg viewBox="0 0 ${days.length} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${caption}">
        <polygon class="series-0" points="0.5,${HEIGHT} ${curve(0)} ${days.length - 0.5},${HEIGHT}" />
        <polyline class="series-0" points="${curve(0)}" />
        <polyline class="series-1" points="${curve(1)}" />
        ${days.map((day, at) => hitArea(series, day, at, shown))}
      </svg>
      ${threeOf(days).map(({ label }) => html`<span aria-hidden="true">${label}</span>`)}
    </div>
    <details>
      <summary>${tableLabel}</summary>
      ${numbersTable(chart, shown)}
    </details>
  </figure>`
}

function points(days: readonly Day[], which: 0 | 1, top: number): string[] {
  return days.map(({ values }, at) => `${at + 0.5},${(HEIGHT - (values[which] / top) * HEIGHT).toFixed(2)}`)
}

/** Shows the numbers of a day to a pointer that rests on it. */
function hitArea({ 0: area, 1: line }: DayChart['series'], day: Day, at: number, shown: Intl.NumberFormat): Html {
  const [first, second] = day.values.map((value) => shown.format(value))
  return html`<rect class="day" x="${at}" width="1" height="${HEIGHT}">
    <title>${day.label} · ${area}: ${first} · ${line}: ${second}</title>
  </rect>`
}

function threeOf<Item>(items: readonly Item[]): Item[] {
  return [0, Math.floor((items.length - 1) / 2), items.length - 1].flatMap((at) => items[at] ?? [])
}

function numbersTable({ caption, series, days }: DayChart, shown: Intl.NumberFormat): Html {
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
