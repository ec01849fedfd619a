import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { flags, labelled, fieldName } from './field.ts'
import type { Field } from './field.ts'

export interface Option {
  readonly value: string
  readonly label: string
  readonly hint?: string | undefined
}

export interface Choice extends Field {
  readonly options: readonly Option[]
  /** The selected option. */
  readonly value?: string | undefined
  readonly required?: boolean
}

/** A choice of one among a few visible options. The first input has the id of the group, so that an error summary can link to it. */
export function radioGroup(group: Choice): Html {
  const { id, label, hint, error, options } = group
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return html`<fieldset class="field choices" ${described && html`aria-describedby="${described}"`}>
    <legend>${label}</legend>
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${error && html`<p class="error" id="${id}-error">${error}</p>`}
    ${options.map((option, at) => radio(group, option, at === 0 ? id : `${id}-${option.value}`))}
  </fieldset>`
}

function radio(group: Choice, { value, label, hint }: Option, id: string): Html {
  return html`<div class="choice">
    <input
      type="radio"
      id="${id}"
      name="${fieldName(group)}"
      value="${value}"
      ${value === group.value && html`checked`}
      ${group.required && html`required`}
      ${hint && html`aria-describedby="${id}-about"`}
    />
    <label for="${id}">${label}</label>
    ${hint && html`<p class="hint" id="${id}-about">${hint}</p>`}
  </div>`
}

export interface Choices extends Field {
  readonly options: readonly Option[]
  /** The selected options. */
  readonly values: readonly string[]
}

/** The name of one option's input. A form field may occur only once, so each option has its own name. */
export function optionField({ id, name = id }: Pick<Field, 'id' | 'name'>, value: string): string {
  return `${name}-${value}`
}

/** A choice of several among a few options. The first input has the id of the group, so that an error summary can link to it. */
export function checkboxGroup(group: Choices): Html {
  const { id, label, hint, error, options } = group
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return html`<fieldset class="field choices" ${described && html`aria-describedby="${described}"`}>
    <legend>${label}</legend>
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${error && html`<p class="error" id="${id}-error">${error}</p>`}
    ${options.map((option, at) => tick(group, option, at === 0 ? id : `${id}-${option.value.replaceAll(/\W/g, '-')}`))}
  </fieldset>`
}

function tick(group: Choices, { value, label, hint }: Option, id: string): Html {
  return html`<div class="choice">
    <input
      type="checkbox"
      id="${id}"
      name="${optionField(group, value)}"
      value="yes"
      ${group.values.includes(value) && html`checked`}
      ${hint && html`aria-describedby="${id}-about"`}
    />
    <label for="${id}">${label}</label>
    ${hint && html`<p class="hint" id="${id}-about">${hint}</p>`}
  </div>`
}

export interface Checkbox extends Field {
  /** The submitted value when it is selected. */
  readonly value?: string
  readonly checked?: boolean
  readonly required?: boolean
}

/** A single checkbox. */
export function checkbox(field: Checkbox): Html {
  const { id, label, hint, error, value = 'yes', checked } = field
  return html`<div class="field">
    ${error && html`<p class="error" id="${id}-error">${error}</p>`}
    <div class="choice">
      <input
        type="checkbox"
        id="${id}"
        name="${fieldName(field)}"
        value="${value}"
        ${checked && html`checked`}
        ${flags(field)}
      />
      <label for="${id}">${label}</label>
      ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    </div>
  </div>`
}

/** A choice of one among many. */
export function selectField(field: Choice): Html {
  const { id, options, value } = field
  const input = html`<select id="${id}" name="${fieldName(field)}" ${flags(field)}>
    ${options.map((one) => html`<option value="${one.value}" ${one.value === value && html`selected`}>${one.label}</option>`)}
  </select>`
  return labelled(field, input)
}
