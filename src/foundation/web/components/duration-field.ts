import { type Html, html } from '../html.ts'
import type { Option } from './choice.ts'
import { type Field, fieldName, flags, labelled } from './field.ts'

export interface DurationField extends Field {
  /** The number as it was typed. */
  readonly value?: string | undefined
  /** What the unit is called for screen readers. */
  readonly unitLabel: string
  /** The name of the field of the unit, its options and the selected one. */
  readonly unitName: string
  readonly units: readonly Option[]
  readonly unit?: string | undefined
}

/** A length of time: a number, and its unit in a list beside it. On a wide screen both are at the end of the line of the label. */
export function durationField(field: DurationField): Html {
  const { id, label, value, unitLabel, unitName, units, unit } = field
  return html`<div class="duration">
    ${labelled(
      field,
      html`<div class="amount">
        <input
          id="${id}"
          name="${fieldName(field)}"
          type="text"
          inputmode="numeric"
          autocomplete="off"
          maxlength="8"
          ${flags(field)}
          ${value && html`value="${value}"`}
        />
        <select id="${unitName}" name="${unitName}" aria-label="${label} – ${unitLabel}">
          ${units.map((one) => html`<option value="${one.value}" ${one.value === unit && html`selected`}>${one.label}</option>`)}
        </select>
      </div>`,
    )}
  </div>`
}
