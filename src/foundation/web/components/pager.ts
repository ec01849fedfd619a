import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'

export interface Pages {
  /** The address of the page that the list begins with, where this is another. */
  readonly first?: string | undefined
  /** The address of the page before, where there is one. */
  readonly previous?: string | undefined
  readonly next?: string | undefined
}

/** The way to the pages before and after this one; nothing where everything is on one. */
export function pager({ words }: Texts, { first, previous, next }: Pages): Html {
  if (previous === undefined && next === undefined) return html``
  return html`<nav class="pager" aria-label="${words.pages}">
    ${first && html`<a href="${first}">${words.first}</a>`}
    ${previous && html`<a href="${previous}" rel="prev">${words.previous}</a>`}
    ${next && html`<a href="${next}" rel="next">${words.next}</a>`}
  </nav>`
}
