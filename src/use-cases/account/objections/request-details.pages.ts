// What the person concerned has to know of a change beside its name, to decide whether to object.
import type { SomeValues } from '#domain/approvals/approval-change.ts'
import type { Approval } from '#domain/approvals/approval.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'

/** The values of a change that its name does not say, a line for each. */
export function requestDetails({ approvals: { fields } }: Texts, { values }: Approval): Html {
  // With another username, the user would sign in by it from then on; under a policy, perhaps with another second step.
  const { username, group, policy }: SomeValues = values
  const given = Object.entries({ username, group, policy }).flatMap(([field, value]) =>
    value === undefined ? [] : [html`<p>${fields[field]}: ${name(value)}</p>`],
  )
  return html`${given}`
}
