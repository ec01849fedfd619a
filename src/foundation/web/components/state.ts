import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'

/** The state or outcome of something as a line of text, repeated by icon and colour. */
export function state(kind: IconName, words: Html | string): Html {
  return html`<span class="state ${kind}">${icon(kind)}<span>${words}</span></span>`
}
