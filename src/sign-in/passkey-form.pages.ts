import { presentRequestOptions } from '../factors/passkeys/passkey.schema.ts'
import { submitButton } from '../web/components/button.ts'
import { passkeyForm } from '../web/components/passkey-form.ts'
import { html } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import type { Texts } from '../web/texts.ts'

export interface ShownPasskeyForm {
  readonly action: string
  readonly options: Parameters<typeof presentRequestOptions>[0]
  readonly publicUrl: string
  readonly lead?: string
  /** Further fields, such as the form's token. */
  readonly fields?: Html | undefined
}

/** Asks for a passkey with the one button of a view; without scripts it says why there is none. */
export function shownPasskeyForm(say: Texts, { action, options, publicUrl, lead, fields }: ShownPasskeyForm): Html {
  const form = passkeyForm(say, {
    does: 'get',
    action,
    options: presentRequestOptions(options),
    publicUrl,
    body: html`${lead && html`<p>${lead}</p>`} ${fields} ${submitButton(say.secondStep.usePasskey)}`,
  })
  return html`${form}<noscript><p>${say.secondStep.withoutScripts}</p></noscript>`
}
