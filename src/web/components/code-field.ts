import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { flags, labelled, nameOf } from './field.ts'
import type { Field } from './field.ts'

export interface CodeField extends Field {
  /** Whether the module `submit-code` may send it once it is whole; the hint must say so. */
  readonly sendsItself?: boolean
}

/**
 * The six digits of an authenticator app. As text, because a number would lose its leading zeros, and long enough for
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
    ${field.sendsItself && html`data-sends-itself`}
    ${flags({ ...field, required: true })}
  />`
  return labelled(field, input)
}
