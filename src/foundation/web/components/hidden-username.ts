import { html } from '../html.ts'
import type { Html } from '../html.ts'

/** Names the user of a password form for password managers, where the page does not ask for the username. */
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
