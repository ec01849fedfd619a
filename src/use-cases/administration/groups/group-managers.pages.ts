// The section with the managers of a group.
import type { Group, Member } from '#domain/groups/group.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { quietButton, secondaryButton } from '#foundation/web/components/button.ts'
import { textField } from '#foundation/web/components/field.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { rowList, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { type FormState, typedField } from '#foundation/web/pages/form.ts'
import { type AdminReader, userPath } from '../access/user-reader.pages.ts'
import { groupPath } from './group-path.ts'

export interface ManagersViewed {
  readonly group: Group
  readonly mayWrite: boolean
  readonly managers: readonly Member[]
  readonly state: FormState
}

export function managersSection(reader: AdminReader, { group, mayWrite, managers, state }: ManagersViewed): Html {
  const { say, config, formToken } = reader
  const { managers: words } = say.groups
  const rows = managers.map((manager) => ({
    name: html`<a href="${userPath(manager)}">${isolated(manager.username)}</a>`,
    ...(manager.fullName && { detail: isolated(manager.fullName) }),
    ...(mayWrite && { action: removal(reader, group, manager) }),
  }))
  const add = html`<form method="post" action="${groupPath(group, '/managers')}">
    ${formToken}
    ${textField({
      ...typedField(say, state, 'manager'),
      label: words.label,
      autocomplete: 'off',
      required: true,
    })}
    ${secondaryButton(words.add)}
  </form>`
  return section({
    id: 'managers',
    title: words.title,
    lead: words.lead,
    body: html`${rows.length === 0 ? html`<p>${words.none}</p>` : rowList(rows, 'tight')} ${mayWrite && add}`,
    api: apiEquivalent(say, config, { method: 'GET', path: `/groups/${group.id}/managers` }),
  })
}

function removal({ say, formToken }: AdminReader, group: Group, { id, username }: Member): Html {
  const { managers: words } = say.groups
  const label = html`<span aria-hidden="true">${words.remove}</span
    ><span class="unseen">${withNames(words.removeWho, username)}</span>`
  return html`<form method="post" action="${groupPath(group, `/managers/${id}/remove`)}">
    ${formToken} ${quietButton(label)}
  </form>`
}
