import { html } from '../html.ts'
import type { Html } from '../html.ts'

export interface Field {
  /** Stable between releases: password managers store fields by id and name. */
  readonly id: string
  /** The name in the form; the id by default. */
  readonly name?: string
  readonly label: Html | string
  readonly hint?: Html | string | undefined
  /** The sentence of its error. */
  readonly error?: Html | string | undefined
  readonly autofocus?: boolean
  /** The id of another text that describes the field, such as a summary. */
  readonly describedBy?: string | undefined
}

export interface TextField extends Field {
  readonly type?: 'text' | 'email' | 'search' | 'date'
  /** What the user typed before. Fields for secrets have no such property. */
  readonly value?: string | undefined
  /** The autofill tokens (HTML Standard, "autofill"), or `off`. */
  readonly autocomplete: string
  readonly required?: boolean
  readonly readonly?: boolean
  readonly enterkeyhint?: 'next' | 'go'
}

/** One line of text, such as a username. The browser neither corrects, capitalises nor spell-checks it. */
export function textField(field: TextField): Html {
  const input = html`<input
    id="${field.id}"
    name="${fieldName(field)}"
    type="${field.type ?? 'text'}"
    autocomplete="${field.autocomplete}"
    autocapitalize="none"
    autocorrect="off"
    spellcheck="false"
    ${field.enterkeyhint && html`enterkeyhint="${field.enterkeyhint}"`}
    ${flags(field)}
    ${field.value && html`value="${field.value}"`}
    ${field.readonly && html`readonly`}
  />`
  return labelled(field, input)
}

/** Label, hint and error around an input, in reading order. */
export function labelled({ id, label, hint, error }: Field, input: Html): Html {
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${error && html`<p class="error" id="${id}-error">${error}</p>`} ${input}
  </div>`
}

/** The attributes that all inputs share: required, focus, and the ids of the texts that describe the input. */
export function flags({
  id,
  hint,
  error,
  describedBy,
  autofocus,
  required,
}: Field & { readonly required?: boolean }): Html {
  const described = [hint && `${id}-hint`, error && `${id}-error`, describedBy].filter(Boolean).join(' ')
  return html`${required && html`required`} ${autofocus && html`autofocus`} ${error && html`aria-invalid="true"`}
  ${described && html`aria-describedby="${described}"`}`
}

export function fieldName({ id, name }: Field): string {
  return name ?? id
}
