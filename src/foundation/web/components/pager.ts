import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'

export interface Pages {
  /** The URL of the first page, if this is another. */
  readonly first?: string | undefined
  /** The URL of the previous page, if there is one. */
  readonly previous?: string | undefined
  readonly next?: string | undefined
}

/** Links to the previous and the next page; nothing if the list has one page. */
export function pager({ words }: Texts, { first, previous, next }: Pages): Html {
  if (previous === undefined && next === undefined) return html``
  return html`<nav class="pager" aria-label="${words.pages}">
    ${first && html`<a href="${first}">${words.first}</a>`}
    ${previous && html`<a href="${previous}" rel="prev">${words.previous}</a>`}
    ${next && html`<a href="${next}" rel="next">${words.next}</a>`}
  </nav>`
}
