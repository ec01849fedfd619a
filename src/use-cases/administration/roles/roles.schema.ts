import { RoleName } from '#domain/roles/role.schema.ts'
import { type Role, ROLE_ORIGINS } from '#domain/roles/role.ts'
import { PERMISSIONS } from '#foundation/kernel/principal.ts'
import { toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { ETAG, etagOf } from '#foundation/web/http/etag.ts'
import { choice, named, nullable, sentWith } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { RoleWithUsers } from './roles.service.ts'

const PermissionList = Type.Array(choice(PERMISSIONS), { uniqueItems: true, maxItems: PERMISSIONS.length })
const Description = Type.String({ description: 'One line of at most 200 characters; may be empty.' })

const RoleFields = Type.Object(
  {
    name: Type.String(),
    description: Type.String(),
    permissions: Type.Array(choice(PERMISSIONS)),
    origin: choice(ROLE_ORIGINS, {
      description:
        'Only a role of the origin `pages` can be changed or deleted; `configuration` is the setting `roles`.',
    }),
    users: Type.Integer({ minimum: 0, description: 'How many users have it.' }),
    created_at: nullable(Type.String({ format: 'date-time', description: 'Null for a built-in role.' })),
  },
  { description: 'What users with this role may do beyond their own account.' },
)

export const RoleView = sentWith(ETAG, named('Role', RoleFields))
export const RoleList = named('RoleList', Type.Object({ items: Type.Array(RoleView) }, { description: 'All roles.' }))

export const NewRoleBody = named(
  'NewRole',
  Type.Object(
    {
      name: Type.String({
        description: '2 to 32 lowercase letters, digits and hyphens. It cannot be changed later.',
      }),
      description: Type.Optional(Description),
      permissions: Type.Optional(PermissionList),
    },
    {
      additionalProperties: false,
      examples: [
        { name: 'help-desk', description: 'Resets second steps', permissions: ['users:read', 'users:reset-factors'] },
      ],
    },
  ),
)

/** A merge patch (RFC 7396): a field left out stays. */
export const RoleChange = named(
  'RoleChange',
  Type.Object(
    { description: Type.Optional(Description), permissions: Type.Optional(PermissionList) },
    { additionalProperties: false, examples: [{ permissions: ['users:read', 'audit:read'] }] },
  ),
)

/** The name in the URL of a role. */
export const RoleReference = Type.Object({ name: RoleName })

/** Returns a role as the API shows it. */
export function presentRole({ role, users }: RoleWithUsers): Static<typeof RoleFields> {
  const { name, description, permissions, origin, createdAt } = role
  return { name, description, permissions: [...permissions], origin, users, created_at: toRfc3339OrNull(createdAt) }
}

/** The entity tag of a role: it changes with the role, not with the number of its users. */
export function roleTag(role: Role): string {
  return etagOf(JSON.stringify(presentRole({ role, users: 0 })))
}
