// The roles that the configuration declares.
import { type Permission, PERMISSIONS } from '#foundation/kernel/principal.ts'
import { isReservedRoleName, isRoleName } from '#foundation/kernel/role-name.ts'
import type { Kind } from './parse.ts'
import type { ConfiguredRole, Setting } from './types.ts'

/** Roles separated by semicolons, each with its permissions behind an equals sign, separated by commas. */
const roleList: Kind<readonly ConfiguredRole[]> = {
  wanted: `roles such as \`support=users:read,users:help; auditor=audit:read\`, with permissions of ${PERMISSIONS.join(', ')}`,
  read(text) {
    const parts = text.split(';').map((part) => part.trim())
    const roles = parts.filter((part) => part !== '').map(roleIn)
    const known = roles.filter((role) => role !== undefined)
    const areUnique = new Set(known.map(({ name }) => name)).size === known.length
    return known.length === roles.length && areUnique ? known : undefined
  },
}

function roleIn(text: string): ConfiguredRole | undefined {
  const [name = '', list, ...rest] = text.split('=').map((part) => part.trim())
  if (!isRoleName(name) || isReservedRoleName(name) || list === undefined || rest.length > 0) return undefined
  const words = list.split(/[\s,]+/).filter((word) => word !== '')
  const isKnown = words.every((word) => PERMISSIONS.some((permission) => permission === word))
  return isKnown ? { name, permissions: PERMISSIONS.filter((one: Permission) => words.includes(one)) } : undefined
}

/** The roles of the configuration. No page and no route changes them. */
export const ROLE_SETTINGS = {
  roles: {
    kind: roleList,
    standard: '',
    sentence:
      'Roles besides `admin` and `user`, with their permissions. Only this configuration changes them, and each change is audited at the next start. A role removed here keeps its users and loses its permissions.',
    example: 'support=users:read,users:help; auditor=audit:read',
  },
} as const satisfies Record<string, Setting<unknown>>
