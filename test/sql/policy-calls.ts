// Calls the queries of stored policies, once for each form of their SQL.
import * as policies from '../../src/domain/policies/stored-policy.queries.ts'
import type { QueryCalls } from './calls.ts'
import { NOW, SUBJECT } from './values.ts'

export const POLICY_CALLS: QueryCalls = {
  'src/domain/policies/stored-policy.queries.ts': {
    selectPolicy: (db) => policies.selectPolicy(db, 'policy'),
    selectPolicies: policies.selectPolicies,
    selectVersions: [(db) => policies.selectVersions(db), (db) => policies.selectVersions(db, 'policy')],
    selectVersionsFor: (db) => policies.selectVersionsFor(db, SUBJECT, 'role:user', NOW),
    selectVersionsForEveryone: (db) => policies.selectVersionsForEveryone(db, NOW),
  },
}
