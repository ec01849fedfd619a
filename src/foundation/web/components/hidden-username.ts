import { html } from '../html.ts'
import type { Html } from '../html.ts'

/** Tells a password manager whose password a form is about, where the person need not be asked. */
export function hiddenUsername(username: string): Html {
  return html`<input
    class="unseen"
    id="username"
    name="username"
    type="text"
    autocomplete="username"
    value="${username}"
    tabindex="-1"
    aria-hidden="true"
    readonly
  />`
}
