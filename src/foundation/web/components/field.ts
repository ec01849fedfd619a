// Labelled inputs for one line of text, a code or a password.
import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'
import { icon } from './icon.ts'

export interface Field {
  /** Stable between releases: password managers store fields by id and name. */
  readonly id: string
  /** The name in the form; the id by default. */
  readonly name?: string
  readonly label: Html | string
  readonly hint?: Html | string | undefined
  readonly error?: Html | string | undefined
  readonly autofocus?: boolean
  /** In a form of two columns hint and error stand below the input, so that labels and inputs of a row are in line with any of them. */
  readonly textsBelow?: boolean
  /** The id of another text that describes the field, such as a summary. */
  readonly describedBy?: string | undefined
}

export interface TextField extends Field {
  readonly type?: 'text' | 'email' | 'search' | 'date' | 'time'
  /** What the user typed before. Fields for secrets have no such property. */
  readonly value?: string | undefined
  /** The autofill tokens (HTML Standard, "autofill"), or `off`. */
  readonly autocomplete: string
  readonly required?: boolean
  readonly readonly?: boolean
  readonly enterkeyhint?: 'next' | 'go'
  /** Which keys a phone shows. */
  readonly inputmode?: 'decimal' | 'url' | undefined
  /** What the browser suggests while it is typed. */
  readonly suggested?: readonly string[] | undefined
  /** What stands between several such values in the field; the module `pick` then completes each of them. */
  readonly separator?: string | undefined
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
    ${field.inputmode && html`inputmode="${field.inputmode}"`}
    ${field.enterkeyhint && html`enterkeyhint="${field.enterkeyhint}"`}
    ${flags(field)}
    ${field.value && html`value="${field.value}"`}
    ${field.readonly && html`readonly`}
    ${field.suggested && html`list="${field.id}-known"`}
    ${field.separator && html`data-separator="${field.separator}"`}
  />`
  const known =
    field.suggested &&
    html`<datalist id="${field.id}-known">
      ${field.suggested.map((value) => html`<option value="${value}"></option>`)}
    </datalist>`
  return labelled(field, html`${input}${known}`)
}

export interface LongTextField extends Field {
  readonly value?: string | undefined
  /** An example of what is typed. */
  readonly placeholder?: string | undefined
  readonly rows: number
  readonly required?: boolean
}

/** Several lines of text, such as a list. */
export function longTextField(field: LongTextField): Html {
  const { id, rows, value = '' } = field
  // A parser drops the line feed right behind the tag (HTML Standard, "in body"), so that one of the value itself would be kept.
  const input = html`<textarea
    id="${id}"
    name="${fieldName(field)}"
    rows="${rows}"
    ${field.placeholder && html`placeholder="${field.placeholder}"`}
    autocomplete="off"
    autocapitalize="none"
    autocorrect="off"
    spellcheck="false"
    ${flags(field)}
  >
${value}</textarea>`
  return labelled(field, input)
}

export interface FileField extends Field {
  /** The types of files that the browser offers, separated by commas. */
  readonly accept: string
}

/** A file of the user's machine, in a form with `enctype="multipart/form-data"`. */
export function fileField(field: FileField): Html {
  const { id, accept } = field
  const input = html`<input
    id="${id}"
    name="${fieldName(field)}"
    type="file"
    accept="${accept}"
    ${flags({ ...field, required: true })}
  />`
  return labelled(field, input)
}

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
    ${field.sendsItselfAt && html`data-sends-itself="${field.sendsItselfAt}"`}
    ${flags({ ...field, required: true })}
  />`
  return labelled(field, input)
}

/**
 * The input for a code of letters that another device shows. A phone shows capitals. Unlike a code of an authenticator app it can have a value: it
 * says who asks, and proves nothing about the user.
 */
export function userCodeField(field: Field & { readonly value?: string | undefined }): Html {
  const input = html`<input
    class="code letters"
    id="${field.id}"
    name="${fieldName(field)}"
    type="text"
    autocomplete="off"
    autocapitalize="characters"
    autocorrect="off"
    spellcheck="false"
    maxlength="32"
    enterkeyhint="go"
    ${field.value && html`value="${field.value}"`}
    ${flags({ ...field, required: true })}
  />`
  return labelled(field, input)
}

export interface PasswordField extends Field {
  readonly purpose: 'current' | 'new'
  /** The allowed lengths, for password managers; only with `new`. */
  readonly length?: { readonly minimum: number; readonly maximum: number }
  /** What stands below the input. */
  readonly below?: Html
}

/** Modules that improve the field for a password. */
export const PASSWORD_MODULES = ['show-password', 'caps-lock', 'slow-answer'] as const

/** A password input. It has no property for a value, so a page cannot show a password again. */
export function passwordField({ words }: Texts, field: PasswordField): Html {
  const { id, purpose, length, below } = field
  const capsLock = html`<p class="hint" data-caps-lock-of="${id}" data-text="${words.capsLock}" role="status"></p>`
  const rules = length && `minlength: ${length.minimum}; maxlength: ${length.maximum}; allowed: unicode;`
  return labelled(
    { ...field, besideLabel: capsLock },
    html`<div class="password">
        <input
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
        />
        <button type="button" data-shows="${id}" aria-pressed="false" aria-controls="${id}" hidden>
          ${icon('eye')}${icon('eye-off')}<span class="unseen">${words.showPassword}</span>
        </button>
      </div>
      ${below}`,
  )
}

/** Names the user of a password form for password managers, where the page does not ask for the username. */
export function hiddenUsername(username: string): Html {
  return html`<input
    class="unseen"
    id="username"
    name="username"
    type="text"
    autocomplete="username"
    value="${username}"
    tabindex="-1"
    aria-hidden="true"
    readonly
  />`
}

/** The module that fills the field of `hiddenTimeZone`. */
export const TIME_ZONE_MODULE = 'browser-time-zone'

/** The time zone of the browser; empty without scripts. */
export function hiddenTimeZone(): Html {
  return html`<input type="hidden" name="time_zone" data-time-zone />`
}

interface LabelledField extends Field {
  /** A message that comes and goes; it stands in the line of the label, so that nothing moves. */
  readonly besideLabel?: Html
  /** What stands below all else. */
  readonly after?: Html | false
}

/** Label, hint and error around an input, in reading order. */
export function labelled({ id, label, besideLabel, hint, error, textsBelow, after }: LabelledField, input: Html): Html {
  const name = html`<label for="${id}">${label}</label>`
  const about = html`${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
  ${error && html`<p class="error" id="${id}-error">${error}</p>`}`
  return html`<div class="field">
    ${besideLabel ? html`<div class="label-line">${name}${besideLabel}</div>` : name}
    ${textsBelow ? html`${input}${about}` : html`${about}${input}`}${after}
  </div>`
}

/** The attributes that all inputs share: required, focus, and the ids of the texts that describe the input. */
export function flags(field: Field & { readonly required?: boolean }): Html {
  const { id, hint, error, describedBy, autofocus, required } = field
  const described = [hint && `${id}-hint`, error && `${id}-error`, describedBy].filter(Boolean).join(' ')
  return html`${required && html`required`} ${autofocus && html`autofocus`} ${error && html`aria-invalid="true"`}
  ${described && html`aria-describedby="${described}"`}`
}

export function fieldName({ id, name = id }: Pick<Field, 'id' | 'name'>): string {
  return name
}
