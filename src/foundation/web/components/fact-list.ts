import { html } from '../html.ts'
import type { Html } from '../html.ts'

/**
 * The facts about one thing: labels on the left, values on the right. On a narrow screen the values go below the labels, except `counts`.
 * On a wide screen `counts` stand side by side, except a fact with `line`, which has a line of its own.
 */
export function factList(
  facts: readonly (readonly [label: string, value: Html | string, extent?: 'line'])[],
  kind: 'words' | 'counts' = 'words',
): Html {
  return html`<dl class="facts${kind === 'counts' && ' counts'}">
    ${facts.map(
      ([label, value, extent]) =>
        html`<div ${extent === 'line' && html`class="line"`}>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}
