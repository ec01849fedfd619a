import { presentRequestOptions } from '../../domain/factors/passkeys/passkey.schema.ts'
import { submitButton } from '../../foundation/web/components/button.ts'
import { passkeyForm } from '../../foundation/web/pages/passkey-form.ts'
import { html } from '../../foundation/web/html.ts'
import type { Html } from '../../foundation/web/html.ts'
import type { Texts } from '../../foundation/texts/texts.ts'

export interface ShownPasskeyForm {
  readonly action: string
  readonly options: Parameters<typeof presentRequestOptions>[0]
  readonly publicUrl: string
  readonly lead?: string
  /** Further fields, such as the form's token. */
  readonly fields?: Html | undefined
}

/** The form that asks for a passkey; without scripts a sentence says that passkeys need them. */
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
