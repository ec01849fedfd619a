import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  type AppAccess,
  dependsOnGroups,
  isStricter,
  mayUse,
  OPEN_ACCESS,
  requirementOfApp,
  restrictionOf,
} from './app-access.ts'

const ROLES = ['auditor', 'admin']
const GROUPS = ['sales', 'staff']

const USES: readonly [
  roles: readonly string[],
  groups: readonly string[],
  role: string,
  groupIds: readonly string[],
  may: boolean,
][] = [
  [[], [], 'user', [], true],
  [ROLES, [], 'admin', [], true],
  [ROLES, [], 'user', GROUPS, false],
  [[], GROUPS, 'user', ['staff'], true],
  [[], GROUPS, 'admin', [], false],
  [[], GROUPS, 'user', ['others'], false],
  // One of both is enough.
  [ROLES, GROUPS, 'auditor', [], true],
  [ROLES, GROUPS, 'user', ['others', 'sales'], true],
  [ROLES, GROUPS, 'user', ['others'], false],
  // A role and a group of one name are two things.
  [['sales'], [], 'user', ['sales'], false],
  [[], ['admin'], 'admin', [], false],
]

test('a user may use an app that is for everyone, for the role, or for one of the groups', () => {
  for (const [allowedRoles, allowedGroups, role, groupIds, may] of USES)
    assert.equal(
      mayUse({ allowedRoles, allowedGroups }, { role, groupIds }),
      may,
      JSON.stringify([allowedRoles, allowedGroups, role, groupIds]),
    )
})

test('without the groups of a user the answer is the same, unless they decide', () => {
  for (const [allowedRoles, allowedGroups, role, groupIds] of USES) {
    const app = { allowedRoles, allowedGroups }
    if (!dependsOnGroups(app, role)) assert.equal(mayUse(app, { role, groupIds }), mayUse(app, { role, groupIds: [] }))
  }
  assert.equal(dependsOnGroups({ allowedRoles: ROLES, allowedGroups: GROUPS }, 'user'), true)
  assert.equal(dependsOnGroups({ allowedRoles: ROLES, allowedGroups: GROUPS }, 'admin'), false)
  assert.equal(dependsOnGroups({ allowedRoles: ROLES, allowedGroups: [] }, 'user'), false)
})

test('a restriction is named by its kind', () => {
  const kinds = [
    restrictionOf(OPEN_ACCESS),
    ...[
      [ROLES, []],
      [[], GROUPS],
      [ROLES, GROUPS],
    ].map(([allowedRoles = [], allowedGroups = []]) => restrictionOf({ allowedRoles, allowedGroups })),
  ]
  assert.deepEqual(kinds, [undefined, 'role', 'group', 'role_or_group'])
})

test('an app without requirements requires nothing, and an age counts from the instant', () => {
  assert.deepEqual(requirementOfApp({ leastAssurance: null, maxAge: null }, 1_000_000), {
    since: undefined,
    least: undefined,
  })
  assert.deepEqual(requirementOfApp({ leastAssurance: 'two-factors', maxAge: 60 }, 1_000_000), {
    since: 940_000,
    least: 'two-factors',
  })
})

const only = (
  roles: readonly string[],
  groups: readonly string[] = [],
  leastAssurance: AppAccess['leastAssurance'] = null,
): AppAccess => ({
  allowedRoles: roles,
  allowedGroups: groups,
  leastAssurance,
})

const CHANGES: readonly [before: AppAccess, after: AppAccess, isStricter: boolean][] = [
  [OPEN_ACCESS, OPEN_ACCESS, false],
  [OPEN_ACCESS, only(ROLES), true],
  [only(ROLES), OPEN_ACCESS, false],
  [only(ROLES), only(['admin']), true],
  [only(['admin']), only(ROLES), false],
  // With a group beside the role, more users may use it.
  [only(ROLES), only(ROLES, GROUPS), false],
  [only(ROLES, GROUPS), only(ROLES), true],
  [only([], GROUPS), only(ROLES), true],
  [only([], GROUPS), only([], ['staff']), true],
  [OPEN_ACCESS, only([], [], 'two-factors'), true],
  [only([], [], 'two-factors'), only([], [], 'phishing-resistant'), true],
  [only([], [], 'phishing-resistant'), only([], [], 'two-factors'), false],
  [only(['admin'], [], 'phishing-resistant'), only(ROLES, [], null), false],
  [only(['admin'], [], null), only(ROLES, [], 'two-factors'), true],
]

test('a change is stricter if a user may lose the app by it', () => {
  for (const [before, after, expected] of CHANGES)
    assert.equal(isStricter(before, after), expected, JSON.stringify([before, after]))
})
