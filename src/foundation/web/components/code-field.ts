import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { flags, labelled, nameOf } from './field.ts'
import type { Field } from './field.ts'

export interface CodeField extends Field {
  /** So many digits are a whole code, which the module `submit-code` may send; the hint must say so. */
  readonly sendsItselfAt?: number | undefined
}

/**
 * The digits of an authenticator app. As text, because a number would lose its leading zeros, and long enough for
 * digits typed in groups. It never has a value: a code is of no use twice.
 */
export function codeField(field: CodeField): Html {
  const input = html`<input
    class="code"
    id="${field.id}"
    name="${nameOf(field)}"
    type="text"
    inputmode="numeric"
    autocomplete="one-time-code"
    maxlength="16"
    enterkeyhint="go"
    ${field.sendsItselfAt && html`data-sends-itself="${String(field.sendsItselfAt)}"`}
    ${flags({ ...field, required: true })}
  />`
  return labelled(field, input)
}
