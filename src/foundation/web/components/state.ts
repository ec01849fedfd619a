import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'

/** How something stands or ended, as a line of text with its icon: the words say it, icon and colour only say it again. */
export function state(kind: IconName, words: Html | string): Html {
  return html`<span class="state ${kind}">${icon(kind)}<span>${words}</span></span>`
}
