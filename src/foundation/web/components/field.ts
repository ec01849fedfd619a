import { html } from '../html.ts'
import type { Html } from '../html.ts'

export interface Field {
  /** Stable between releases: password managers remember fields by id and name. */
  readonly id: string
  /** The name in the form; the id when left out. */
  readonly name?: string
  readonly label: Html | string
  readonly hint?: Html | string | undefined
  /** What is wrong with it, in words. */
  readonly error?: Html | string | undefined
  readonly autofocus?: boolean
  /** The id of another text about it, such as a summary. */
  readonly describedBy?: string | undefined
}

export interface TextField extends Field {
  readonly type?: 'text' | 'email' | 'search' | 'date'
  /** What the person typed before. Fields for secrets have no such thing. */
  readonly value?: string | undefined
  /** The autofill tokens (HTML Standard, "autofill"), or `off`. */
  readonly autocomplete: string
  readonly required?: boolean
  readonly readonly?: boolean
  readonly enterkeyhint?: 'next' | 'go'
}

/** One line of text, such as a username. Never corrected, capitalised or spell-checked by the browser. */
export function textField(field: TextField): Html {
  const input = html`<input
    id="${field.id}"
    name="${nameOf(field)}"
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

/** Label, hint and error around an input, in the order in which they are read. */
export function labelled({ id, label, hint, error }: Field, input: Html): Html {
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${error && html`<p class="error" id="${id}-error">${error}</p>`} ${input}
  </div>`
}

/** The attributes every input shares: required, focus, and which texts describe it. */
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

export function nameOf({ id, name }: Field): string {
  return name ?? id
}
