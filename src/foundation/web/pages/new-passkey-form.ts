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
  /** What goes to the browser, as the JSON routes give it. */
  readonly options: object
  readonly publicUrl: string
  /** What was typed before, and what is wrong with it. */
  readonly name?: string | undefined
  readonly error?: Html | string | undefined
  /** What stands hidden in it. */
  readonly fields: Html
}

/** Makes a passkey with the one button of a view; without scripts it says why there is none. */
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

/** What was wrong with it. The refusal's own sentence is for signing in, where a passkey was shown. */
export function newPasskeySummary(say: Texts, state: FormState): Html | undefined {
  if (state.refusal?.code !== 'passkey.refused') return formSummary(say, state, { name: 'name' })
  const items = [{ message: say.enrolment.noPasskey }]
  return errorSummary({ heading: say.words.problem, items, focused: true })
}
