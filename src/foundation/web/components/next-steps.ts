import { type Html, html } from '../html.ts'
import { type Drawing, icon } from './icon.ts'

export interface NextStep {
  readonly href: string
  readonly drawing: Drawing
  readonly label: Html | string
  readonly detail: string
}

/** Next steps to choose from: each is a card that is one link. */
export function nextSteps(all: readonly NextStep[]): Html {
  return html`<ul class="ways">
    ${all.map(
      ({ href, drawing, label, detail }) =>
        html`<li>
          <a class="way" href="${href}"
            >${icon(drawing)}<strong>${label}</strong> <span>${detail}</span>${icon('chevron')}</a
          >
        </li>`,
    )}
  </ul>`
}
