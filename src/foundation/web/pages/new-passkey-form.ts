import { formSummary } from './form.ts'
import type { FormState } from './form.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'
import { submitButton } from '../components/button.ts'
import { errorSummary } from '../components/error-summary.ts'
import { textField } from '../components/field.ts'
import { passkeyForm } from '../components/passkey-form.ts'

export interface NewPasskeyForm {
  readonly action: string
  /** The options for the browser, as the JSON routes answer them. */
  readonly options: object
  readonly publicUrl: string
  /** What was typed before, and its error. */
  readonly name?: string | undefined
  readonly error?: Html | string | undefined
  /** Hidden fields of the form. */
  readonly fields: Html
}

/** The form that creates a passkey, with the one button of its view. Without scripts it explains why there is no button. */
export function newPasskeyForm(say: Texts, { action, options, publicUrl, name, error, fields }: NewPasskeyForm): Html {
  const { enrolment } = say
  const form = passkeyForm(say, {
    does: 'create',
    action,
    options,
    publicUrl,
    body: html`${fields}
    ${textField({
      id: 'name',
      label: enrolment.passkeyName,
      hint: enrolment.passkeyNameHint,
      value: name,
      error,
      autocomplete: 'off',
      enterkeyhint: 'go',
    })}
    ${submitButton(enrolment.create)}`,
  })
  return html`${form}<noscript><p>${enrolment.withoutScripts}</p></noscript>`
}

/** The error summary of this form. The sentence of `passkey.refused` is about signing in, so another one replaces it. */
export function newPasskeySummary(say: Texts, state: FormState): Html | undefined {
  if (state.refusal?.code !== 'passkey.refused') return formSummary(say, state, { name: 'name' })
  const items = [{ message: say.enrolment.noPasskey }]
  return errorSummary({ heading: say.words.problem, items, focused: true })
}
