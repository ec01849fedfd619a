// Calls the queries of stored policies, once for each form of their SQL.
import * as help from '#domain/policies/rollout/help-exemption.queries.ts'
import * as changes from '#domain/policies/store/policy-changes.queries.ts'
import * as shared from '#domain/policies/store/shared-users.queries.ts'
import * as policies from '#domain/policies/store/stored-policy.queries.ts'
import * as scopes from '#use-cases/administration/policies/policy-scopes.view.ts'
import type { QueryCalls } from './calls.ts'
import { NOW, SUBJECT } from './values.ts'

const POLICY = {
  id: 'policy',
  name: 'All users',
  scope: 'everyone',
  scopeRef: null,
  revision: 1,
  createdAt: NOW,
} as const
const TERMS = {
  secondFactor: 'required',
  factors: ['totp', 'passkey'],
  sessionIdle: 1,
  sessionAbsolute: 2,
  reauthentication: 3,
  rememberFor: 0,
  helpersMayExempt: true,
} as const
const VERSION = {
  id: 'version',
  policyId: 'policy',
  version: 1,
  terms: TERMS,
  isEnd: false,
  inForceFrom: NOW,
  createdAt: NOW,
  createdBy: SUBJECT,
}

export const POLICY_CALLS: QueryCalls = {
  'src/domain/policies/store/stored-policy.queries.ts': {
    selectPolicy: (db) => policies.selectPolicy(db, 'policy'),
    selectPolicies: policies.selectPolicies,
    selectInForce: (db) => policies.selectInForce(db, NOW),
    selectVersions: [(db) => policies.selectVersions(db), (db) => policies.selectVersions(db, 'policy')],
    selectVersionsFor: (db) => policies.selectVersionsFor(db, SUBJECT, 'user'),
    selectVersionsJoining: (db) =>
      policies.selectVersionsJoining(db, { subject: SUBJECT, role: 'user', joins: ['one', 'two'] }),
    selectVersionsForEveryone: (db) => policies.selectVersionsForEveryone(db, NOW),
  },
  'src/domain/policies/store/policy-changes.queries.ts': {
    insertPolicy: (db) => changes.insertPolicy(db, POLICY),
    insertVersion: (db) => changes.insertVersion(db, VERSION),
    updateCancelled: (db) => changes.updateCancelled(db, 'version', NOW),
    updatePolicy: (db) => changes.updatePolicy(db, POLICY),
    deletePolicyRow: (db) => changes.deletePolicyRow(db, 'policy'),
    lockNamedGroup: (db) => changes.lockNamedGroup(db, 'group'),
  },
  'src/domain/policies/rollout/help-exemption.queries.ts': {
    putHelpExemption: (db) => help.putHelpExemption(db, { subject: SUBJECT, now: NOW, since: 0 }),
    selectHelpExemption: (db) => help.selectHelpExemption(db, SUBJECT),
  },
  'src/domain/policies/store/shared-users.queries.ts': {
    selectUsersOfBoth: [
      (db) =>
        shared.selectUsersOfBoth(db, { scope: 'everyone', scopeRef: null }, { scope: 'role', scopeRef: 'user' }, 6),
      (db) =>
        shared.selectUsersOfBoth(db, { scope: 'role', scopeRef: 'staff' }, { scope: 'group', scopeRef: 'one' }, 6),
      (db) => shared.selectUsersOfBoth(db, { scope: 'group', scopeRef: 'one' }, { scope: 'group', scopeRef: 'two' }, 6),
    ],
  },
  'src/use-cases/administration/policies/policy-scopes.view.ts': {
    selectNamedGroups: scopes.selectNamedGroups,
    selectGroupNames: (db) => scopes.selectGroupNames(db, ['group']),
    selectRoleNames: scopes.selectRoleNames,
    selectPolicyNames: (db) => scopes.selectPolicyNames(db, ['policy', 'other']),
  },
}
