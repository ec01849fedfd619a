// Threat: a user with some permissions acts on one who has others, or makes or gives a role with more than their own (privilege
// escalation). Every pair of roles is tried at every operation that touches a user.
import assert from 'node:assert/strict'

import { mayManage } from '#domain/roles/role.ts'
import { type Permission, PERMISSIONS, withIncluded } from '#foundation/kernel/principal.ts'
import { days, minutes, toRfc3339 } from '#foundation/kernel/time.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { queueMailWithLink } from '../support/mail/queued-mails.ts'
import { ask, type Reply } from '../support/people/people.ts'
import { newSignedInUser, type SignedInUser } from '../support/people/replaceable-users.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

test('of all pairs of sets of permissions, one may manage the other only if it includes it, before and after', () => {
  const sets = Array.from({ length: 2 ** PERMISSIONS.length }, (_, bits) =>
    PERMISSIONS.filter((_permission, at) => (bits & (1 << at)) !== 0),
  )
  const bitsOf = (set: readonly Permission[]): number =>
    set.reduce((bits, permission) => bits | (1 << PERMISSIONS.indexOf(permission)), 0)
  for (const own of sets) {
    for (const before of sets) {
      const includes = (bitsOf(before) & ~bitsOf(withIncluded(own))) === 0
      assert.equal(mayManage(own, before), includes)
      assert.equal(mayManage(own, [], before), includes)
      assert.equal(mayManage(own, before, []), includes)
    }
  }
})

leaveToTestAll()

/** Roles that differ in what matters: nothing, one permission, several, all. */
const ROLES: Readonly<Record<string, readonly Permission[]>> = {
  user: [],
  auditor: ['audit:read'],
  officer: ['policy:write'],
  'help-desk': ['users:read', 'users:help'],
  resetter: ['users:read', 'users:reset-factors'],
  clerk: ['users:read', 'users:write'],
  staff: ['users:read', 'users:write', 'users:reset-factors'],
  'role-clerk': ['users:read', 'users:write', 'roles:write'],
  chief: PERMISSIONS,
  admin: PERMISSIONS,
}
const NAMES = Object.keys(ROLES)
const permissionsIn = (role: string): readonly Permission[] => ROLES[role] ?? []

interface Pair {
  readonly server: Server
  readonly actor: SignedInUser & { readonly role: string }
  readonly target: SignedInUser & { readonly role: string }
}

async function startWithRoles(t: Parameters<typeof start>[0], dialect: 'sqlite' | 'postgres'): Promise<Server> {
  const server = await start(t, { dialect })
  for (const name of NAMES.filter((one) => one !== 'user' && one !== 'admin'))
    await createRole(server.operator(), { name, description: '', permissions: permissionsIn(name) })
  await newSignedInUser(server, 'admin')
  return server
}

async function signedIn(server: Server, role: string): Promise<SignedInUser & { readonly role: string }> {
  return { ...(await newSignedInUser(server, role)), role }
}

function asks({ server, actor }: Pick<Pair, 'server' | 'actor'>, method: Method, url: string, payload?: object) {
  return ask(server, method, url, { headers: { authorization: `Bearer ${actor.token}` }, payload })
}
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The outcome in one word: the code of the refusal, or `done`. */
function outcomeOf({ status, body, raw }: Reply): string {
  if (status < 300 && status !== 202) return 'done'
  assert.ok(status >= 400 && status < 500, raw.body)
  return String(body['code'])
}

interface Operation {
  readonly needs: Permission
  /** Another permission that opens it. */
  readonly or?: Permission
  /** Help reaches only users without permissions; with this one, others are reached too. */
  readonly further?: Permission
  /** A second permission, where the operation names the user. */
  readonly besides?: Permission
  /** What follows if nothing is refused; `done` if left out. */
  readonly allowed?: string
  readonly run: (pair: Pair) => Promise<Reply>
}

const onTarget =
  (method: Method, below: string, payload?: (pair: Pair) => object) =>
  (pair: Pair): Promise<Reply> =>
    asks(pair, method, `/users/${pair.target.user.id}${below}`, payload?.(pair) ?? (method === 'POST' ? {} : undefined))

/** What is done to a mail with a link for the target. */
function onMailTo(act: 'retry' | 'drop') {
  return async (pair: Pair): Promise<Reply> => {
    const { id } = await queueMailWithLink(pair.server.operator(), pair.target.user.subject)
    return asks(pair, 'POST', `/mails/${id}/${act}`, {})
  }
}

/** Every operation of the API that touches another user. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  rename: { needs: 'users:write', run: onTarget('PATCH', '', () => ({ full_name: 'Somebody Else' })) },
  'new email': {
    needs: 'users:write',
    run: onTarget('PATCH', '', ({ target }) => ({ email: `${target.user.id}@example.org` })),
  },
  expire: {
    needs: 'users:write',
    run: onTarget('PATCH', '', ({ server }) => ({ expires_at: toRfc3339(server.clock.now() + days(9)) })),
  },
  disable: { needs: 'users:write', run: onTarget('POST', '/disable') },
  enable: { needs: 'users:write', run: onTarget('POST', '/enable') },
  'sign out': { needs: 'users:write', run: onTarget('POST', '/sign-out') },
  unlock: { needs: 'users:help', further: 'users:write', run: onTarget('POST', '/unlock') },
  'mail a password link': {
    needs: 'users:help',
    besides: 'users:read',
    allowed: 'help.mail_off',
    run: onTarget('POST', '/password-link'),
  },
  'invite again': {
    needs: 'users:help',
    besides: 'users:read',
    allowed: 'user.already_enrolled',
    run: onTarget('POST', '/invitation/again'),
  },
  'exempt for help': {
    needs: 'users:help',
    besides: 'users:read',
    allowed: 'help.policy_forbids',
    run: onTarget('POST', '/exemptions', ({ server }) => ({
      policy_id: 'none',
      reason: 'Waits for a phone',
      ends_at: toRfc3339(server.clock.now() + days(9)),
    })),
  },
  invite: { needs: 'users:write', allowed: 'user.already_enrolled', run: onTarget('POST', '/invitation') },
  'lift review': { needs: 'users:write', allowed: 'account.no_review', run: onTarget('POST', '/review/lift') },
  'revoke a token': { needs: 'users:write', allowed: 'api_token.not_found', run: onTarget('DELETE', '/tokens/none') },
  reset: {
    needs: 'users:help',
    or: 'users:reset-factors',
    further: 'users:reset-factors',
    run: onTarget('POST', '/reset-second-factor', () => ({ reason: 'Lost phone' })),
  },
  'forget devices': { needs: 'users:write', run: onTarget('DELETE', '/remembered-devices') },
  'change attributes': { needs: 'users:write', run: onTarget('PATCH', '/attributes', () => ({})) },
  'send a mail again': { needs: 'users:write', run: onMailTo('retry') },
  'drop a mail': { needs: 'users:write', run: onMailTo('drop') },
  exempt: {
    needs: 'policy:write',
    besides: 'users:read',
    allowed: 'policy.not_found',
    run: (pair) =>
      asks(pair, 'PUT', `/policies/none/exemptions/${pair.target.user.id}`, {
        reason: 'Waits for a phone',
        ends_at: toRfc3339(pair.server.clock.now() + days(9)),
      }),
  },
  delete: { needs: 'users:write', run: onTarget('DELETE', '') },
}

onEitherDatabase(
  'of all pairs of roles, one acts on a user of the other only with all of their permissions',
  async (t, dialect) => {
    const server = await startWithRoles(t, dialect)
    for (const by of NAMES) {
      const actor = await signedIn(server, by)
      for (const on of NAMES) {
        for (const [name, operation] of Object.entries(OPERATIONS)) {
          const { needs, or = needs, besides, further, allowed = 'done', run } = operation
          const target = await signedIn(server, on)
          const own = withIncluded(permissionsIn(by))
          const isHelp = needs === 'users:help' && !(further !== undefined && own.includes(further))
          const reached = isHelp && permissionsIn(on).length > 0 ? 'role.beyond_help' : allowed
          const allowedOrBeyond = mayManage(own, permissionsIn(on)) ? reached : 'role.beyond_own'
          const isOpened =
            [needs, or].some((one) => own.includes(one)) && (besides === undefined || own.includes(besides))
          const expected = isOpened ? allowedOrBeyond : 'access.insufficient_permissions'
          assert.equal(outcomeOf(await run({ server, actor, target })), expected, `${by}: ${name} ${on}`)
        }
      }
    }
  },
)

function grantOutcome(by: string, { before, after }: Readonly<Record<'before' | 'after', string>>): string {
  const own = withIncluded(permissionsIn(by))
  if (!own.includes('users:write')) return 'access.insufficient_permissions'
  if (!mayManage(own, permissionsIn(before))) return 'role.beyond_own'
  if (before !== after && !own.includes('roles:write')) return 'role.grant_forbidden'
  return mayManage(own, permissionsIn(after)) ? 'done' : 'role.beyond_own'
}

onEitherDatabase(
  'a role is given, taken and exchanged only with all permissions of it, before and after, and those for roles',
  async (t, dialect) => {
    const server = await startWithRoles(t, dialect)
    for (const by of NAMES) {
      const actor = await signedIn(server, by)
      for (const before of NAMES) {
        const username = `new-${by}-${before}`
        const made = await asks({ server, actor }, 'POST', '/users', { username, role: before })
        assert.equal(outcomeOf(made), grantOutcome(by, { before: 'user', after: before }), `${by} creates ${before}`)
        for (const after of NAMES) {
          const target = await signedIn(server, before)
          const reply = await asks({ server, actor }, 'PATCH', `/users/${target.user.id}`, { role: after })
          assert.equal(outcomeOf(reply), grantOutcome(by, { before, after }), `${by}: ${before} becomes ${after}`)
        }
      }
    }
  },
)

onEitherDatabase(
  'a user leaves a role that a policy names only by who may change policies, whatever the next role',
  async (t, dialect) => {
    const server = await startWithRoles(t, dialect)
    const operator = server.operator()
    await createRole(operator, {
      name: 'rule-clerk',
      description: '',
      permissions: [...permissionsIn('role-clerk'), 'policy:write'],
    })
    await createRole(operator, { name: 'guest', description: '', permissions: [] })
    const leaves = async (by: string, before: string, after: string): Promise<string> => {
      const [actor, target] = [await signedIn(server, by), await signedIn(server, before)]
      return outcomeOf(await asks({ server, actor }, 'PATCH', `/users/${target.user.id}`, { role: after }))
    }
    const steps = [
      ['guest', 'user'],
      ['user', 'guest'],
      ['user', 'clerk'],
    ] as const
    const outcomes = async (by: string): Promise<string[]> =>
      Array.fromAsync(steps, ([before, after]) => leaves(by, before, after))
    assert.deepEqual(await outcomes('role-clerk'), ['done', 'done', 'done'])
    const planned = { id: 'Guests', scope: 'role', scopeRef: 'guest', from: server.clock.now() + days(9) } as const
    await storePolicyVersion(server.doorward.db, { ...planned, secondFactor: 'phishing-resistant' })
    assert.deepEqual(await outcomes('role-clerk'), ['role.policy_needed', 'done', 'done'])
    assert.deepEqual(await outcomes('rule-clerk'), ['done', 'done', 'done'])
    assert.equal(await leaves('role-clerk', 'guest', 'guest'), 'done', 'a role that stays')
    await storePolicyVersion(server.doorward.db, {
      id: 'Users',
      scope: 'role',
      scopeRef: 'user',
      secondFactor: 'required',
    })
    assert.deepEqual(await outcomes('role-clerk'), ['role.policy_needed', 'role.policy_needed', 'role.policy_needed'])
    const actor = await signedIn(server, 'rule-clerk')
    const target = await signedIn(server, 'guest')
    server.clock.pass(minutes(11))
    const late = await asks({ server, actor }, 'PATCH', `/users/${target.user.id}`, { role: 'user' })
    assert.equal(outcomeOf(late), 'access.reauthentication_required')
    assert.equal((await changeUser(operator, { id: target.user.id }, { role: 'user' })).role, 'user')
  },
)

onEitherDatabase(
  'a role gets and loses only permissions of who changes it, who has all of its own',
  async (t, dialect) => {
    const server = await startWithRoles(t, dialect)
    const actor = await signedIn(server, 'role-clerk')
    const own = permissionsIn('role-clerk')
    for (const [at, before] of NAMES.entries()) {
      for (const after of NAMES) {
        const name = `made-${at}-${after}`
        await createRole(server.operator(), { name, description: '', permissions: permissionsIn(before) })
        const wanted = { permissions: permissionsIn(after) }
        const changed = outcomeOf(await asks({ server, actor }, 'PATCH', `/roles/${name}`, wanted))
        const expected = mayManage(own, permissionsIn(before), permissionsIn(after)) ? 'done' : 'role.beyond_own'
        assert.equal(changed, expected, `${before} becomes ${after}`)
        const stays = expected === 'done' ? permissionsIn(after) : permissionsIn(before)
        const deleted = outcomeOf(await asks({ server, actor }, 'DELETE', `/roles/${name}`))
        assert.equal(deleted, mayManage(own, stays) ? 'done' : 'role.beyond_own', `delete ${name}`)
      }
      const made = await asks({ server, actor }, 'POST', '/roles', {
        name: `own-${at}`,
        permissions: permissionsIn(before),
      })
      assert.equal(
        outcomeOf(made),
        mayManage(own, permissionsIn(before)) ? 'done' : 'role.beyond_own',
        `makes ${before}`,
      )
    }
  },
)
