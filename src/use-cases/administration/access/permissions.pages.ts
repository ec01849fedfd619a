// Permissions in words, and the boxes by which a role gets them.
import { neededFor, type Permission, PERMISSIONS } from '#foundation/kernel/principal.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { checkboxGroup, optionField } from '#foundation/web/components/choice.ts'
import { type FormPart, rowList, unseen } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'

const FIELD = { id: 'permissions' } as const

const AREAS = ['users', 'groups', 'access', 'server'] as const

/** What each permission is about; forms group them by it. */
const AREA_OF: Readonly<Record<Permission, (typeof AREAS)[number]>> = {
  'users:read': 'users',
  'users:help': 'users',
  'users:write': 'users',
  'users:reset-factors': 'users',
  'groups:write': 'groups',
  'roles:write': 'groups',
  'policy:write': 'access',
  'apps:write': 'access',
  'audit:read': 'server',
  'server:read': 'server',
}

export function permissionsInWords({ roles }: Texts, permissions: readonly Permission[]): string {
  if (permissions.length === 0) return roles.noPermissions
  if (permissions.length === PERMISSIONS.length) return roles.allPermissions
  return permissions.map((permission) => roles.permissionOf[permission].name).join(', ')
}

/** The names of permissions with what each of them means. */
export function permissionList({ roles }: Texts, permissions: readonly Permission[]): Html {
  if (permissions.length === 0) return html`<p>${roles.noPermissions}</p>`
  return rowList(
    permissions.map((one) => {
      const { name, hint } = roles.permissionOf[one]
      const lacking = neededFor(one).filter((needed) => !permissions.includes(needed))
      return {
        name,
        detail: [hint, ...lacking.map((needed) => roles.lacks(roles.permissionOf[needed].name))].join(' '),
      }
    }),
  )
}

/** The parts of a form with the boxes of the permissions that the reader has, which are the only ones that a role can get from them. */
export function permissionParts(
  { roles }: Texts,
  offered: readonly Permission[],
  ticked: readonly Permission[],
): readonly FormPart[] {
  const { permissions, areas } = roles.form
  const parts = Map.groupBy(offered, (permission) => AREA_OF[permission])
  return AREAS.filter((area) => parts.has(area)).map((area, at) => ({
    id: `permitted-${area}`,
    title: areas[area],
    fields: checkboxGroup({
      id: at === 0 ? FIELD.id : `${FIELD.id}-${area}`,
      name: FIELD.id,
      label: unseen(`${permissions}: ${areas[area]}`),
      values: ticked,
      options: (parts.get(area) ?? []).map((value) => {
        const { name, hint } = roles.permissionOf[value]
        const needs = neededFor(value).filter((one) => offered.includes(one))
        const given = needs.map((one) => roles.form.alsoGives(roles.permissionOf[one].name))
        return { value, label: name, hint: [hint, ...given].join(' '), needs }
      }),
    }),
  }))
}

/** The permissions that a submitted form has ticked, and those of the offered ones without which they open nothing: scripts tick these too. */
export function tickedPermissions(body: unknown, offered: readonly Permission[]): readonly Permission[] {
  const fields: object = typeof body === 'object' && body !== null ? body : {}
  const ticked = PERMISSIONS.filter((permission) => Object.hasOwn(fields, optionField(FIELD, permission)))
  const needed = ticked.flatMap(neededFor).filter((permission) => offered.includes(permission))
  return PERMISSIONS.filter((permission) => ticked.includes(permission) || needed.includes(permission))
}
