// The names of roles.
import { BUILT_IN_ROLES } from './principal.ts'

export const ROLE_NAME_MAXIMUM = 32
const NAME = /^[a-z0-9][a-z0-9-]{0,30}[a-z0-9]$/
/** The last one is the path of the page that makes a role. */
const RESERVED: readonly string[] = [...BUILT_IN_ROLES, 'new']

/** Whether a text has the form of a role's name: 2 to 32 lower case letters, digits and hyphens. */
export function isRoleName(text: string): boolean {
  return NAME.test(text)
}

/** Whether no new role may have the name. */
export function isReservedRoleName(name: string): boolean {
  return RESERVED.includes(name)
}
