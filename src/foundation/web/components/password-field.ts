import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'
import { flags, labelled, fieldName } from './field.ts'
import type { Field } from './field.ts'

export interface PasswordField extends Field {
  readonly purpose: 'current' | 'new'
  /** The allowed lengths, for password managers; only with `new`. */
  readonly length?: { readonly minimum: number; readonly maximum: number }
}

/** Modules that improve the field. */
export const PASSWORD_MODULES = ['show-password', 'caps-lock'] as const

/** A password input. It has no property for a value, so a page cannot show a password again. */
export function passwordField(say: Texts, field: PasswordField): Html {
  const { id, purpose, length } = field
  const rules = length && `minlength: ${length.minimum}; maxlength: ${length.maximum}; allowed: unicode;`
  const input = html`<input
    id="${id}"
    name="${fieldName(field)}"
    type="password"
    autocomplete="${purpose}-password"
    autocapitalize="none"
    autocorrect="off"
    spellcheck="false"
    enterkeyhint="go"
    ${rules && html`passwordrules="${rules}"`}
    ${flags({ ...field, required: true })}
  />`
  return labelled(
    field,
    html`${input}
      <div class="below">
        <p class="hint" data-caps-lock-of="${id}" data-text="${say.words.capsLock}" role="status"></p>
        <button class="button quiet" type="button" data-shows="${id}" aria-pressed="false" aria-controls="${id}" hidden>
          ${say.words.showPassword}
        </button>
      </div>`,
  )
}
