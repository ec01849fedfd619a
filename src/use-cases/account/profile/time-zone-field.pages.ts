// The field of the profile form that chooses a time zone.
import { flags, labelled, fieldName } from '../../../foundation/web/components/field.ts'
import type { Field } from '../../../foundation/web/components/field.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { regionOf, timeZones } from '../../../domain/users/time-zone.ts'
import type { TimeZone } from '../../../domain/users/time-zone.ts'

/** The name as it is shown. */
export function zoneWords(name: string): string {
  return name.replaceAll('_', ' ')
}

/** Every time zone by region, and `stored` if it has a former or unknown name. The module `time-zone` offers that of the browser. */
export function timeZoneField(
  { account }: Texts,
  field: Field & { readonly value: string },
  stored: string | null,
): Html {
  const zones = timeZones()
  const known = ['UTC', '', ...zones.map(({ name }) => name)]
  const others = [...new Set([stored ?? '', field.value])].filter((name) => !known.includes(name))
  // Without spaces between, since there are four hundred. The value of an option is its text, if it has no other.
  const option = ({ name, was }: TimeZone): Html => {
    const value = name.includes('_') && html` value="${name}"`
    const former = was !== undefined && html` data-was="${was}"`
    const chosen = name === field.value && html` selected`
    return html`<option${value}${former}${chosen}>${zoneWords(name)}</option>`
  }
  const input = html`<select
    id="${field.id}"
    name="${fieldName(field)}"
    data-offer="${account.timeZoneOffer('{zone}')}"
    ${flags(field)}
  >
    <option value="">${account.noTimeZone}</option>
    ${['UTC', ...others].map((name) => option({ name }))}
    ${[...Map.groupBy(zones, regionOf)].map(
      ([region, own]) => html`<optgroup label="${region}">${own.map(option)}</optgroup>`,
    )}
  </select>`
  return labelled(field, input)
}
