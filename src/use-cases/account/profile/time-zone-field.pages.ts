// The field of the profile form that chooses a time zone.
import { regionOf, type TimeZone, timeZones } from '#domain/users/time-zone.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { type Field, fieldName, flags, labelled } from '#foundation/web/components/field.ts'
import { type Html, html } from '#foundation/web/html.ts'

/** The name as it is shown. */
export function zoneWords(name: string): string {
  return name.replaceAll('_', ' ')
}

/** The page of the profile with every time zone, since a list of them all takes more than the rest of the page. */
const ALL_ZONES = '/account?zones=all#time_zone'

/**
 * The stored and the submitted time zone, with a link to all of them; or with `all` every time zone by region. The module `time-zone` loads
 * the whole list and offers the time zone of the browser.
 */
export function timeZoneField(
  { account }: Texts,
  field: Field & { readonly value: string },
  { stored, all }: { readonly stored: string | null; readonly all: boolean },
): Html {
  const zones = all ? timeZones() : []
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
  return labelled(
    { ...field, after: !all && html`<a class="small" id="all-zones" href="${ALL_ZONES}">${account.allTimeZones}</a>` },
    input,
  )
}
