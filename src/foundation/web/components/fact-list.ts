import { html } from '../html.ts'
import type { Html } from '../html.ts'

/**
 * What is known about one thing: a word on the left, what it is on the right. Where there is little room the right goes below
 * the left, but `counts` stay beside it. Where there is much, `counts` stand side by side, but for a `line` of its own.
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
