import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'

/** One message about the whole page. Word, icon and colour together show its kind. */
export function banner(kind: IconName, message: string | Html): Html {
  return html`<div class="banner ${kind}" role="${kind === 'danger' ? 'alert' : 'status'}">
    ${icon(kind)}
    <p>${message}</p>
  </div>`
}
