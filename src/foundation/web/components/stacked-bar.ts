import { type Html, html } from '../html.ts'

/** The looks of a part: the stylesheet distinguishes them by colour, hatch and edge. */
export type PartLook = 'full' | 'striped' | 'hatched'

export interface StackedPart {
  readonly look: PartLook
  readonly label: string
  readonly count: number
  /** The list that this part counts. */
  readonly href: string
}

export interface StackedBar {
  /** What all parts together are. */
  readonly label: string
  readonly parts: readonly StackedPart[]
  /** The language in which numbers are formatted (BCP 47). */
  readonly language: string
}

/** The share of a part that is drawn at least, so that one among thousands is seen. */
const LEAST_DRAWN = 0.01

/** One bar whose parts sum to a whole, and a legend of links with the number and the share of each part that is more than none. */
export function stackedBar({ label, parts, language }: StackedBar): Html {
  const all = parts.reduce((sum, { count }) => sum + count, 0)
  const shown = new Intl.NumberFormat(language)
  const named = all === 0 ? parts : parts.filter(({ count }) => count > 0)
  return html`<figure class="stack">
    <svg aria-hidden="true" focusable="false">
      <defs>${hatch('striped', 'M1.5 0v6')} ${hatch('hatched', 'M0 6l6-6')}</defs>
      ${drawn(parts, all)}
    </svg>
    <ul class="legend" aria-label="${label}">
      ${named.map(
        (part) =>
          html`<li>
            <a href="${part.href}">${swatch(part.look)} ${part.label} <strong>${shown.format(part.count)}</strong></a>
            <span>${shareInWords(language, part.count, all)}</span>
          </li>`,
      )}
    </ul>
  </figure>`
}

/** A whole percentage; never 0 % or 100 % for a part that is more than none and less than all. */
export function shareInWords(language: string, count: number, all: number): string {
  const percent = new Intl.NumberFormat(language, { style: 'percent' })
  const share = all === 0 ? 0 : count / all
  if (share > 0 && share < 0.005) return `<${percent.format(0.01)}`
  if (share < 1 && share >= 0.995) return `>${percent.format(0.99)}`
  return percent.format(share)
}

/** The parts beside each other, each a link for a pointer; the keyboard finds the same links in the legend. */
function drawn(parts: readonly StackedPart[], all: number): Html {
  const widths = parts.map(({ count }) => (count === 0 ? 0 : Math.max(count / all, LEAST_DRAWN)))
  const total = widths.reduce((sum, width) => sum + width, 0)
  let left = 0
  return html`${parts
    .map(({ look, label, href }, at) => {
      const width = total === 0 ? 0 : ((widths[at] ?? 0) / total) * 100
      const x = left
      left += width
      return (
        width > 0 &&
        html`<a href="${href}" tabindex="-1">
          <title>${label}</title> ${part(look, `${x.toFixed(2)}%`, `${width.toFixed(2)}%`)}</a
        >`
      )
    })
    .filter((one) => one !== false)}`
}

/** The colour of a part; its hatch, which is seen with more contrast, lies above it. */
function part(look: PartLook, x: string, width: string): Html {
  const extent = html`x="${x}" y="0" width="${width}" height="100%"`
  const isHatched = look === 'striped' || look === 'hatched'
  return html`<rect class="${look}" ${extent} />${isHatched && html`<rect fill="url(#${look})" ${extent} />`}`
}

function swatch(look: PartLook): Html {
  return html`<svg class="swatch" aria-hidden="true" focusable="false">${part(look, '0', '100%')}</svg>`
}

function hatch(id: PartLook, lines: string): Html {
  return html`<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse"><path d="${lines}" /></pattern>`
}
