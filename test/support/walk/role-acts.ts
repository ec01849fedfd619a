// The acts with roles: somebody gets another role, and a role permits other things.
import { type Act, whyNoAccess, whyNotRecent } from './act.ts'
import {
  asAdmin,
  givesRole,
  isOnlyAdmin,
  isPrivileged,
  mayManage,
  noteRequest,
  whyBeyond,
  wordsOf,
} from './admin-acts.ts'
import { isNamed, permissionsNow, permitted } from './demands.ts'
import type { Account, Actor, TokenCopy, WalkRole } from './facts.ts'
import type { World } from './world.ts'

const ROLES: readonly WalkRole[] = ['user', 'help', 'admin']

/** What the role `help` permits, from time to time. */
const SETS = [
  '',
  'users:reset-factors',
  'users:help',
  'users:write',
  'policy:write',
  'groups:write',
  'groups:write users:read',
  'groups:write policy:write users:read',
  'roles:write users:write',
]

/** Why somebody with users:write may not give the role; undefined also where a second admin must agree. */
function whyNotGiven(world: World, copy: TokenCopy, target: Account, role: WalkRole): string | undefined {
  const own = permissionsNow(world, copy.session.account)
  const given = permitted(world, role)
  if (!own.includes('roles:write')) return 'role.grant_forbidden'
  if (!mayManage(own, given)) return 'role.beyond_own'
  const leavesNamed = isNamed(world, 'role', target.role)
  if (leavesNamed && !own.includes('policy:write')) return 'role.policy_needed'
  const late = leavesNamed ? whyNotRecent(world, copy) : undefined
  if (late !== undefined) return late
  if (role !== 'admin' && isOnlyAdmin(world, target)) return 'user.last_admin'
  const stale = given.length > 0 ? whyNotRecent(world, copy) : undefined
  return stale ?? (copy.session.account === target ? 'user.own_account' : undefined)
}

async function givesAnotherRole(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const target = world.random.pick(world.accounts)!
  const role = world.random.pick(ROLES)!
  const isKept = target.role === role
  const access = whyNoAccess(world, copy, { needs: 'users:write' }) ?? whyBeyond(world, copy, target)
  const refused = access ?? (isKept ? undefined : whyNotGiven(world, copy, target, role))
  const isGuarded = isPrivileged(world, target) || permitted(world, role).length > 0
  const waits = refused === undefined && !isKept && isGuarded
  const act = waits ? 'request: another role' : 'another role'
  const question = { method: 'PATCH', url: `/users/${target.id}`, payload: { role }, token: copy.token } as const
  const { body } = await world.asks(act, actor, refused ?? (waits ? 'waiting' : 'done'), question)
  const wish = { kind: 'give-role', target, wanted: role } as const
  if (waits) noteRequest(world, copy.session.account, wish, String(body['id']))
  else if (refused === undefined) givesRole(target, role)
}

/** What is added needs a second admin, and what is taken from a role that others have. */
async function changesRole(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const wanted = world.random.pick(SETS)!
  const permissions = wordsOf(wanted)
  const own = permissionsNow(world, copy.session.account)
  const beyond = mayManage(own, world.help, permissions) ? undefined : 'role.beyond_own'
  const refused = whyNoAccess(world, copy, { needs: 'roles:write', recent: true }) ?? beyond
  const widens = permissions.some((permission) => !world.help.includes(permission))
  const narrows = world.help.some((permission) => !permissions.includes(permission))
  const isOfOthers = world.accounts.some((one) => one.role === 'help' && one !== copy.session.account)
  const waits = refused === undefined && (widens || (narrows && isOfOthers))
  const act = waits ? 'request: change of a role' : 'change of a role'
  const question = { method: 'PATCH', url: '/roles/help', payload: { permissions }, token: copy.token } as const
  const { body } = await world.asks(act, actor, refused ?? (waits ? 'waiting' : 'done'), question)
  const wish = { kind: 'change-role', target: null, wanted } as const
  if (waits) noteRequest(world, copy.session.account, wish, String(body['id']))
  else if (refused === undefined) world.help = permissions
}

export const ROLE_ACTS: readonly Act[] = [
  { weight: 6, run: asAdmin(givesAnotherRole) },
  { weight: 4, run: asAdmin(changesRole, 'roles:write') },
]
