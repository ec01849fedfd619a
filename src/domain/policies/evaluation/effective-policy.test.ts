import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hours, minutes } from '#foundation/kernel/time.ts'
import { DEFAULT_TERMS } from '#test/support/policies/default-terms.ts'
import {
  ALLOWABLE_FACTORS,
  type ApplicableVersion,
  LOCKABLE_TERMS,
  NO_TERMS,
  type PolicyTerms,
  type Term,
  type UserPolicy,
} from '../policy.ts'
import { effectivePolicy } from './effective-policy.ts'

const NOW = 1_800_000_000_000

function versionOf(id: string, terms: Partial<PolicyTerms>, more: Partial<ApplicableVersion> = {}): ApplicableVersion {
  const scope = id === 'everyone' || id === 'role' ? id : 'group'
  const begun = { version: 1, isEnd: false, inForceFrom: NOW - 9, cancelledAt: null }
  const held = { exemptUntil: null, exemptByHelp: false }
  return { policyId: id, scope, terms: { ...NO_TERMS, ...terms }, ...begun, ...held, ...more }
}

/** What the policies say of one term, by their ids; those of groups are in the order of their letters. */
interface Given<Value> {
  readonly everyone?: Value
  readonly role?: Value
  readonly groupA?: Value
  readonly groupB?: Value
  readonly isLocked?: boolean
  readonly hasPermissions?: boolean
}

/** Returns the value of a term, and what decided it: the id of the policy with its version, or the source. */
function decided<Name extends Term>(
  term: Name,
  versions: readonly ApplicableVersion[],
  {
    isLocked = false,
    hasPermissions = false,
    configured = {},
  }: Given<never> & { configured?: Partial<UserPolicy> } = {},
): readonly [UserPolicy[Name], string] {
  const settings = { terms: { ...DEFAULT_TERMS, ...configured }, locked: isLocked ? LOCKABLE_TERMS : [] }
  const { terms, decidedBy } = effectivePolicy(settings, versions, { hasPermissions, now: NOW })
  const by = decidedBy[term]
  return [terms[term], by.source === 'policy' ? `${by.policyId} ${by.version}` : by.source]
}

type Rows<Name extends Term> = readonly (readonly [Given<UserPolicy[Name]>, UserPolicy[Name], decidedBy: string])[]

const TABLE: { readonly [Name in Term]: Rows<Name> } = {
  secondFactor: [
    [{}, 'required', 'default'],
    [{ isLocked: true }, 'required', 'configuration'],
    [{ everyone: 'optional' }, 'optional', 'everyone 1'],
    [{ everyone: 'required' }, 'required', 'everyone 1'],
    [{ everyone: 'required', isLocked: true }, 'required', 'configuration'],
    [{ groupA: 'optional' }, 'required', 'default'],
    [{ groupA: 'required' }, 'required', 'default'],
    [{ role: 'phishing-resistant', isLocked: true }, 'phishing-resistant', 'role 1'],
    [{ everyone: 'optional', role: 'required', groupA: 'required' }, 'required', 'role 1'],
    [{ everyone: 'required', groupA: 'phishing-resistant' }, 'phishing-resistant', 'groupA 1'],
    [{ everyone: 'optional', hasPermissions: true }, 'required', 'permissions'],
    [{ everyone: 'optional', groupA: 'required', hasPermissions: true }, 'required', 'groupA 1'],
    [{ hasPermissions: true }, 'required', 'default'],
  ],
  factors: [
    [{}, ALLOWABLE_FACTORS, 'default'],
    [{ everyone: ALLOWABLE_FACTORS }, ALLOWABLE_FACTORS, 'everyone 1'],
    [{ everyone: ALLOWABLE_FACTORS, groupA: ['totp'] }, ['totp'], 'groupA 1'],
    [{ role: ['totp'], groupA: ALLOWABLE_FACTORS, groupB: ['totp'] }, ['totp'], 'role 1'],
    [{ role: ['totp'], groupA: ['passkey'] }, [], 'groupA 1'],
  ],
  sessionIdle: [
    [{}, hours(1), 'default'],
    [{ everyone: hours(9) }, hours(9), 'everyone 1'],
    [{ everyone: hours(9), isLocked: true }, hours(1), 'configuration'],
    [{ everyone: minutes(5), role: minutes(5), groupA: minutes(5) }, minutes(5), 'everyone 1'],
    [{ role: minutes(5), groupA: minutes(5) }, minutes(5), 'role 1'],
  ],
  sessionAbsolute: [
    [{ groupA: hours(48) }, hours(24), 'default'],
    [{ groupA: hours(2), groupB: hours(2) }, hours(2), 'groupA 1'],
    [{ groupA: hours(2), groupB: hours(1) }, hours(1), 'groupB 1'],
  ],
  reauthentication: [
    [{ role: minutes(60), groupA: minutes(30) }, minutes(10), 'default'],
    [{ role: minutes(5), isLocked: true }, minutes(5), 'role 1'],
  ],
  rememberFor: [
    [{}, 0, 'default'],
    [{ groupA: hours(9) }, hours(9), 'groupA 1'],
    [{ everyone: hours(9), role: hours(8) }, hours(8), 'role 1'],
    [{ everyone: hours(9), role: 0 }, 0, 'role 1'],
    [{ everyone: hours(9), hasPermissions: true }, 0, 'permissions'],
    [{ everyone: 0, hasPermissions: true }, 0, 'everyone 1'],
    [{ hasPermissions: true }, 0, 'default'],
  ],
}

/** What the table gives, in words. */
function inWords({ isLocked, hasPermissions, ...said }: Given<unknown>): string {
  const policies = Object.entries(said).map(([id, value]) => `${id} ${JSON.stringify(value)}`)
  const more = [...(isLocked ? ['a setting'] : []), ...(hasPermissions ? ['permissions'] : [])]
  return [...policies, ...more].join(', ') || 'no policy'
}

for (const [name, rows] of Object.entries(TABLE)) {
  const term = name as Term
  for (const [{ isLocked = false, hasPermissions = false, ...said }, value, decidedBy] of rows) {
    const given = { isLocked, hasPermissions }
    test(`${term} by ${inWords({ ...said, ...given })} is decided by ${decidedBy}`, () => {
      const versions = Object.entries(said).map(([id, says]) => versionOf(id, { [term]: says }))
      assert.deepEqual(decided(term, versions, given), [value, decidedBy])
      assert.deepEqual(decided(term, versions.toReversed(), given), [value, decidedBy], 'the rows in another order')
    })
  }
}

test('phishing-resistant decides the factors too, if it takes the apps away', () => {
  const role = versionOf('role', { secondFactor: 'phishing-resistant' })
  assert.deepEqual(decided('factors', [role]), [['passkey'], 'role 1'])
  const group = versionOf('group', { factors: ['passkey'] })
  assert.deepEqual(decided('factors', [role, group]), [['passkey'], 'group 1'])
})

test('the default decides what the policy for everyone leaves open', () => {
  assert.deepEqual(decided('sessionIdle', [versionOf('everyone', { secondFactor: 'optional' })]), [hours(1), 'default'])
})

test('the version in force decides, and one that is planned does not', () => {
  const versions = [
    versionOf('group', { sessionIdle: minutes(9) }),
    versionOf('group', { sessionIdle: minutes(5) }, { version: 2, inForceFrom: NOW }),
    versionOf('group', { sessionIdle: minutes(1) }, { version: 3, inForceFrom: NOW + 1 }),
  ]
  assert.deepEqual(decided('sessionIdle', versions), [minutes(5), 'group 2'])
})

test('for an exempt user the version before the requirement decides, or the default, and nothing else of the policy', () => {
  const exempt = { exemptUntil: NOW + 1 }
  const said = (id: 'everyone' | 'group', earlier: PolicyTerms['secondFactor']) => [
    versionOf(id, { secondFactor: earlier }, exempt),
    versionOf(id, { secondFactor: 'phishing-resistant', sessionIdle: 1 }, { ...exempt, version: 2 }),
  ]
  assert.deepEqual(decided('secondFactor', said('everyone', 'optional')), ['optional', 'everyone 1'])
  assert.deepEqual(decided('secondFactor', said('everyone', null)), ['required', 'default'])
  const optional = { configured: { secondFactor: 'optional' } } as const
  assert.deepEqual(decided('secondFactor', said('group', 'required'), optional), ['required', 'group 1'])
  assert.deepEqual(decided('secondFactor', said('group', 'optional'), optional), ['optional', 'default'])
  assert.deepEqual(decided('sessionIdle', said('everyone', 'optional')), [hours(1), 'default'])
})
