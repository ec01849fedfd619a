import { html } from '../html.ts'
import type { Html } from '../html.ts'

/** What is known about one thing: a word on the left, what it is on the right. */
export function factList(facts: readonly (readonly [label: string, value: Html | string])[]): Html {
  return html`<dl class="facts">
    ${facts.map(
      ([label, value]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}
