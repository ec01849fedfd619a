import { type Html, html } from '../html.ts'
import { type Field, fieldName, flags, labelled } from './field.ts'

export interface Option {
  readonly value: string
  readonly label: string
  readonly hint?: string | undefined
  /** What the form sends for the ticked box of the option; `yes` by default. */
  readonly sent?: string
  /** The options that are ticked with this one, by the module `needed-boxes`. */
  readonly needs?: readonly string[]
  /** Fields that belong to this option alone. The stylesheet hides them while it is not chosen and none of them is ticked. */
  readonly below?: Html
}

export interface Choice extends Field {
  readonly options: readonly Option[]
  /** The selected option. */
  readonly value?: string | undefined
  readonly required?: boolean
  /** Cards beside each other where there is room: for two or three options with a line about each. */
  readonly look?: 'cards'
}

/** A choice of one among a few visible options. The first input has the id of the group, so that an error summary can link to it. */
export function radioGroup(group: Choice): Html {
  const { required } = group
  return choiceGroup(group, ({ value }) => ({
    type: 'radio',
    name: fieldName(group),
    value,
    checked: value === group.value,
    required,
  }))
}

export interface Choices extends Field {
  readonly options: readonly Option[]
  /** The selected options. */
  readonly values: readonly string[]
  /** The label of a field that filters the options, which then stand in a list that scrolls. */
  readonly filter?: string
}

/** The module that filters options, and completes each of several names in one field. */
export const PICK_MODULE = 'pick'

/** The module that ticks what a ticked box needs. */
export const NEEDED_BOXES_MODULE = 'needed-boxes'

/** The name of one option's input. A form field may occur only once, so each option has its own name. */
export function optionField(field: Pick<Field, 'id' | 'name'>, value: string): string {
  return `${fieldName(field)}-${value}`
}

/** The same for several among a few options. */
export function checkboxGroup(group: Choices): Html {
  return choiceGroup(group, ({ value, sent = 'yes', needs = [] }) => ({
    type: 'checkbox',
    name: optionField(group, value),
    value: sent,
    checked: group.values.includes(value),
    needs: needs.map((one) => optionField(group, one)).join(' '),
  }))
}

interface OptionInput {
  readonly type: 'radio' | 'checkbox'
  readonly name: string
  readonly value: string
  readonly checked: boolean
  readonly required?: boolean | undefined
  /** The names of other inputs, separated by blanks. */
  readonly needs?: string
}

/** A shorter list is seen at a glance. */
const FEWEST_FILTERED = 7

function choiceGroup(group: Choice | Choices, inputOf: (option: Option) => OptionInput): Html {
  const { id, label, hint, error, options } = group
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  const isCards = 'look' in group && group.look === 'cards'
  const filter = 'filter' in group ? group.filter : undefined
  const boxes = options.map((option, at) => {
    const optionId = at === 0 ? id : `${id}-${option.value.replaceAll(/\W/g, '-')}`
    return optionBox(option, optionId, inputOf(option))
  })
  return html`<fieldset
    class="field choices${isCards && ' option-cards'}"
    ${described && html`aria-describedby="${described}"`}
  >
    <legend>${label}</legend>
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${error && html`<p class="error" id="${id}-error">${error}</p>`}
    ${filter === undefined ? boxes : pickList(id, filter, boxes)}
  </fieldset>`
}

/** Options in a list that scrolls, below a field that filters them. The field has no name, so that no form sends it. */
function pickList(id: string, filter: string, boxes: readonly Html[]): Html {
  const needsFilter = boxes.length >= FEWEST_FILTERED
  return html`${needsFilter && html`<input class="scripted" type="search" aria-label="${filter}" placeholder="${filter}" autocomplete="off" data-filters="${id}-list" />`}
    <div class="picks" id="${id}-list">${boxes}</div>`
}

function optionBox(
  { label, hint, below }: Option,
  id: string,
  { type, name, value, checked, required, needs }: OptionInput,
): Html {
  return html`<div class="choice">
    <input
      type="${type}"
      id="${id}"
      name="${name}"
      value="${value}"
      ${checked && html`checked`}
      ${required && html`required`}
      ${needs && html`data-needs="${needs}"`}
      ${hint && html`aria-describedby="${id}-about"`}
    />
    <label for="${id}">${label}</label>
    ${hint && html`<p class="hint" id="${id}-about">${hint}</p>`} ${below && html`<div class="nested">${below}</div>`}
  </div>`
}

/** A single checkbox; its value is `yes`. */
export function checkbox(field: Field & { readonly checked?: boolean; readonly required?: boolean }): Html {
  const { id, label, hint, error, checked } = field
  return html`<div class="field">
    ${error && html`<p class="error" id="${id}-error">${error}</p>`}
    <div class="choice">
      <input
        type="checkbox"
        id="${id}"
        name="${fieldName(field)}"
        value="yes"
        ${checked && html`checked`}
        ${flags(field)}
      />
      <label for="${id}">${label}</label>
      ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    </div>
  </div>`
}

/** The module that shows the hint of the chosen option. */
export const OPTION_HINT_MODULE = 'option-hint'

/**
 * A choice of one among many. Where options have hints, that of the chosen one stands above the select, as other hints do, by the module `option-hint`;
 * without scripts all of them do.
 */
export function selectField(field: Choice): Html {
  const { id, options, value } = field
  const hinted = options.filter(({ hint }) => hint !== undefined)
  const about = hinted.length > 0 ? `${id}-about` : undefined
  const input = html`<select id="${id}" name="${fieldName(field)}" ${flags({ describedBy: about, ...field })}>
    ${options.map(
      (one) =>
        html`<option
          value="${one.value}"
          ${one.hint && html`data-hint="${one.hint}"`}
          ${one.value === value && html`selected`}
        >
          ${one.label}
        </option>`,
    )}
  </select>`
  const hints =
    about &&
    html`<p class="hint scripted" id="${about}" data-hint-of="${id}">
        ${(options.find((one) => one.value === value) ?? options[0])?.hint}
      </p>
      <ul class="hint unscripted">
        ${hinted.map(({ label, hint }) => html`<li>${label}: ${hint}</li>`)}
      </ul>`
  return labelled(field, html`${hints}${input}`)
}
