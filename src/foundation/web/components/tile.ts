import { type Html, html } from '../html.ts'

export interface Tile {
  readonly label: string
  readonly number: string
  /** How the number has changed, in words with a sign. */
  readonly trend?: string | undefined
  /** Undefined for a number whose list the reader may not open. */
  readonly href: string | undefined
}

/** Numbers side by side, each in a box that is a link as a whole where it leads somewhere. */
export function tiles(label: string, all: readonly Tile[]): Html {
  return html`<ul class="tiles" aria-label="${label}">
    ${all.map(
      ({ label, number, trend, href }) =>
        html`<li>
          <a ${href !== undefined && html`href="${href}"`}>
            <span>${label}</span>
            <strong>${number}</strong>
            ${trend && html`<span class="trend">${trend}</span>`}
          </a>
        </li>`,
    )}
  </ul>`
}

export interface Choice {
  /** A drawing or an initial before the title. */
  readonly mark: Html
  readonly title: string
  readonly detail: string
  readonly href: string
}

/** Things to choose from, each in a box that is a link as a whole. `labelledBy` is the id of their heading. */
export function choiceTiles(labelledBy: string, all: readonly Choice[]): Html {
  return html`<ul class="tiles to-choose" aria-labelledby="${labelledBy}">
    ${all.map(
      ({ mark, title, detail, href }) =>
        html`<li>
          <a href="${href}">
            ${mark}
            <strong>${title}</strong>
            <span>${detail}</span>
          </a>
        </li>`,
    )}
  </ul>`
}
