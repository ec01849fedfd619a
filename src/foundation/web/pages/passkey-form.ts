// Forms in which the browser uses or makes a passkey.
import type { Texts } from '#foundation/texts/texts.ts'
import { buttonRow, submitButton } from '../components/button.ts'
import { errorSummary } from '../components/error-summary.ts'
import { textField } from '../components/field.ts'
import { type Html, html } from '../html.ts'
import { type FormState, formSummary } from './form.ts'

/** The modules that the form requires. */
export const PASSKEY_MODULES = ['passkey'] as const

/** The field with the browser's response as JSON text, which `readJsonField` reads. */
export const PASSKEY_FIELD = 'passkey'

export interface PasskeyForm {
  /** `get` uses a passkey, `create` makes one. */
  readonly does: 'get' | 'create'
  readonly action: string
  /** The options for the browser, as the JSON routes answer them. */
  readonly options: object
  /** The only origin at which the browser uses passkeys of this server. */
  readonly publicUrl: string
  /** The content of the form: its token, further fields, and its button. */
  readonly body: Html
  /** Whether the browser also offers passkeys in the page's username field; for one form of a page. */
  readonly autofills?: boolean
}

/**
 * A form that the module `passkey` fills with the browser's response. It is hidden until the module has found that the browser supports
 * passkeys, so that a page without scripts shows no useless button.
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

export interface NewPasskeyForm extends Pick<PasskeyForm, 'action' | 'options' | 'publicUrl'> {
  /** What was typed before, and its error. */
  readonly name?: string | undefined
  readonly error?: Html | string | undefined
  /** Hidden fields of the form. */
  readonly fields: Html
  /** What the form asks besides the name. */
  readonly choice?: Html | false
  /** The way back, beside the button. */
  readonly cancel?: Html
}

/** The form that creates a passkey, with the one button of its view. Without scripts it explains why there is no button. */
export function newPasskeyForm(say: Texts, { name, error, fields, choice, cancel, ...form }: NewPasskeyForm): Html {
  const { enrolment } = say
  const creating = passkeyForm(say, {
    ...form,
    does: 'create',
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
    ${choice} ${cancel ? buttonRow(submitButton(enrolment.create), cancel) : submitButton(enrolment.create)}`,
  })
  return html`${creating}<noscript><p>${enrolment.withoutScripts}</p></noscript>`
}

/** The error summary of this form. The sentence of `passkey.refused` is about signing in, so another one replaces it. */
export function newPasskeySummary(say: Texts, state: FormState): Html | undefined {
  if (state.refusal?.code !== 'passkey.refused') return formSummary(say, state, { name: 'name' })
  return errorSummary({ heading: say.words.problem, items: [{ message: say.enrolment.noPasskey }], focused: true })
}
