import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'

/** One message about the whole page: a word, an icon and a colour say its kind together. */
export function banner(kind: IconName, message: string | Html): Html {
  return html`<div class="banner ${kind}" role="${kind === 'danger' ? 'alert' : 'status'}">
    ${icon(kind)}
    <p>${message}</p>
  </div>`
}
