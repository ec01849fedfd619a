import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'

/** What the form does nothing without. */
export const PASSKEY_MODULES = ['passkey'] as const

/** The field that carries the browser's answer, as JSON text; `readJsonField` reads it. */
export const PASSKEY_FIELD = 'passkey'

export interface PasskeyForm {
  /** `get` to show a passkey, `create` to make one. */
  readonly does: 'get' | 'create'
  readonly action: string
  /** What goes to the browser, as the JSON routes give it. */
  readonly options: object
  /** The one address at which the browser takes part. */
  readonly publicUrl: string
  /** What stands in the form: its token, further fields, and the button that sends it. */
  readonly body: Html
  /** The browser offers passkeys in the username field of the page too; for one form of a page. */
  readonly autofills?: boolean
}

/**
 * A form that the module `passkey` answers with the person's browser. It is hidden until the module knows that the browser
 * can: without scripts nobody sees a button that does nothing.
 */
export function passkeyForm(
  { passkeyPrompt: say }: Texts,
  { does, action, options, publicUrl, body, autofills }: PasskeyForm,
): Html {
  const creates = does === 'create'
  return html`<form
    method="post"
    action="${action}"
    data-passkey="${does}"
    data-options="${JSON.stringify(options)}"
    data-waiting="${say.waiting}"
    data-misplaced="${say.misplaced(publicUrl)}"
    data-failed="${say.failed}"
    ${creates && html`data-cancelled="${say.notMade}" data-already="${say.already}"`}
    ${creates && html`data-insecure="${say.insecure}" data-unsupported="${say.unsupported}"`}
    ${autofills && html`data-autofills`}
    hidden
  >
    <input type="hidden" name="${PASSKEY_FIELD}" />
    ${body}
    <p class="hint" data-passkey-note></p>
  </form>`
}
