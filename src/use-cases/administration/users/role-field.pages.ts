// The choice of a role in the forms of users: only roles that the reader may give.
import { listStoredRoles } from '#domain/roles/role.service.ts'
import { builtInRole, mayManage, type Role } from '#domain/roles/role.ts'
import type { With } from '#foundation/context.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { type Choice, selectField } from '#foundation/web/components/choice.ts'
import type { Html } from '#foundation/web/html.ts'
import { permissionsInWords } from '../access/permissions.pages.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'

/** Returns the roles that the reader may give to a user: none beside `user` without `roles:write`. */
export async function grantableRoles(
  ctx: With<'db'>,
  { permissions }: Pick<AdminReader, 'permissions'>,
): Promise<readonly Role[]> {
  const all = ['user', 'admin'].flatMap((name) => builtInRole(name) ?? []).concat(await listStoredRoles(ctx))
  const mayGrant = permissions.includes('roles:write')
  return all.filter((role) => (mayGrant ? mayManage(permissions, role.permissions) : role.name === 'user'))
}

/** The choice of one of these roles, with what each of them permits. */
export function roleField(
  say: Texts,
  roles: readonly Role[],
  field: Omit<Choice, 'options' | 'label'> & { readonly adminHint?: string },
): Html {
  const { details } = say.user
  const { adminHint = details.adminHint } = field
  const hintOf = ({ name, permissions }: Role): string => {
    if (name === 'admin') return adminHint
    return permissions.length === 0 ? details.userHint : permissionsInWords(say, permissions)
  }
  return selectField({
    ...field,
    label: details.role,
    options: roles.map((role) => ({ value: role.name, label: roleName(say, role.name), hint: hintOf(role) })),
  })
}
