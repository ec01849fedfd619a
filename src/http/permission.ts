import type { Caller } from '../kernel/caller.ts'
import { Refusal } from '../kernel/refusal.ts'
import { permissionsOf } from '../users/user.ts'
import type { Access } from '../web/access.ts'

/** Why a signed-in person may not use a route that declares this access, or undefined when they may. */
export function refusalFor(access: Access, caller: Caller): Refusal | undefined {
  if (access === 'anyone' || access === 'attempt') return undefined
  if (caller.kind !== 'signed-in') return new Refusal('access.not_authenticated')
  if (access === 'signed-in' || permissionsOf(caller.user).includes(access)) return undefined
  const isAdmin = caller.user.role === 'admin'
  if (isAdmin && caller.user.secondFactorAt === null) return new Refusal('access.second_factor_missing')
  return new Refusal('access.insufficient_permissions')
}
