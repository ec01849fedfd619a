import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../texts.ts'

export interface Pages {
  /** The address of the page before, where there is one. */
  readonly previous?: string | undefined
  readonly next?: string | undefined
}

/** The way to the pages before and after this one; nothing where everything is on one. */
export function pager({ words }: Texts, { previous, next }: Pages): Html {
  if (previous === undefined && next === undefined) return html``
  return html`<nav class="pager" aria-label="${words.pages}">
    ${previous && html`<a class="button" href="${previous}" rel="prev">${words.previous}</a>`}
    ${next && html`<a class="button" href="${next}" rel="next">${words.next}</a>`}
  </nav>`
}
