import { html } from '../html.ts'
import type { Html } from '../html.ts'

export interface Section {
  /** Stable, so that links to it keep working. */
  readonly id: string
  readonly title: string
  readonly lead?: Html | string | false | undefined
  readonly body: Html
  /** `danger` for what cannot be undone. */
  readonly tone?: 'plain' | 'danger'
}

/** A part of a page under a heading of its own. */
export function section({ id, title, lead, body, tone = 'plain' }: Section): Html {
  return html`<section class="section ${tone}" id="${id}" aria-labelledby="${id}-title">
    <div class="head">
      <h2 id="${id}-title">${title}</h2>
      ${lead && html`<p class="lead">${lead}</p>`}
    </div>
    ${body}
  </section>`
}
