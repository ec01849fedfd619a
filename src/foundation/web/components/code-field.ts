import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { flags, labelled, fieldName } from './field.ts'
import type { Field } from './field.ts'

export interface CodeField extends Field {
  /** The number of digits of a complete code, which the module `submit-code` then submits; the hint must say so. */
  readonly sendsItselfAt?: number | undefined
}

/**
 * The input for a code of an authenticator app. It is text, because a number would lose leading zeros, and long enough for digits typed in
 * groups. It never has a value, because a code works once.
 */
export function codeField(field: CodeField): Html {
  const input = html`<input
    class="code"
    id="${field.id}"
    name="${fieldName(field)}"
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
