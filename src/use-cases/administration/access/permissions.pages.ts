// Permissions in words, and the boxes by which a role gets them.
import { type Permission, PERMISSIONS } from '#foundation/kernel/principal.ts'
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
    permissions.map((one) => ({ name: roles.permissionOf[one].name, detail: roles.permissionOf[one].hint })),
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
      options: (parts.get(area) ?? []).map((value) => ({
        value,
        label: roles.permissionOf[value].name,
        hint: roles.permissionOf[value].hint,
      })),
    }),
  }))
}

/** The permissions that a submitted form has ticked. */
export function tickedPermissions(body: unknown): readonly Permission[] {
  const fields: object = typeof body === 'object' && body !== null ? body : {}
  return PERMISSIONS.filter((permission) => Object.hasOwn(fields, optionField(FIELD, permission)))
}
