import type { Caller } from '../kernel/caller.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Duration, Instant } from '../kernel/time.ts'
import { provenRecently } from '../sessions/session.ts'
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

/** Why the last proof of password and second factor is too old, or undefined when it counts as recent. */
export function staleProof(caller: Caller, now: Instant, lifetime: Duration): Refusal | undefined {
  if (caller.kind === 'signed-in' && provenRecently(caller.session, now, lifetime)) return undefined
  return new Refusal('access.proof_needed', { maxAge: Math.floor(lifetime / 1000) })
}
