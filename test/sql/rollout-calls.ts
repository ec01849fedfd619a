// Calls the queries of the roll-out of policies, once for each form of their SQL.
import type { FactorRequirement } from '#domain/policies/evaluation/factor-requirement.ts'
import * as asking from '#domain/policies/rollout/deadline.queries.ts'
import * as exemptions from '#domain/policies/rollout/exemption.queries.ts'
import * as rollout from '#domain/policies/rollout/rollout.queries.ts'
import type { AccessQuestion } from '#use-cases/administration/clients/access-check.ts'
import * as checks from '#use-cases/administration/clients/access-check.view.ts'
import * as unconfirmed from '#use-cases/administration/email-confirmations/unconfirmed.view.ts'
import * as applicable from '#use-cases/administration/policy-rollout/applicable.view.ts'
import * as exempt from '#use-cases/administration/policy-rollout/exemptions.view.ts'
import type { AllRequirements, ScopedPolicyAt } from '#use-cases/administration/policy-rollout/plan.ts'
import * as plan from '#use-cases/administration/policy-rollout/plan.view.ts'
import type { AskedPlan } from '#use-cases/administration/policy-rollout/stopped.view.ts'
import * as weighed from '#use-cases/administration/policy-rollout/weighed-users.view.ts'
import type { QueryCalls } from './calls.ts'
import { ID, NOW, SUBJECT } from './values.ts'

const EVERYONE: ScopedPolicyAt = { id: 'everyone', scope: 'everyone', scopeRef: null, countsHelp: false }
const GROUP: ScopedPolicyAt = { id: 'group', scope: 'group', scopeRef: 'group', countsHelp: true }
const USERS: ScopedPolicyAt = { id: null, scope: 'role', scopeRef: 'user', countsHelp: false }

const NOTHING: AllRequirements = {
  at: NOW,
  everyoneNeedsOne: false,
  requireOne: [],
  forbidApps: [],
  forbidPasskeys: [],
}
const REQUIRED: FactorRequirement = { requiresOne: true, forbidden: [] }

const ASKED: AskedPlan = {
  policy: EVERYONE,
  requirement: REQUIRED,
  whileExempt: 'optional',
  requiresOfExempt: false,
  future: { ...NOTHING, requireOne: [EVERYONE] },
  current: NOTHING,
  contradicting: [],
  keptAdmin: undefined,
}

/** A group that may use apps only, beside other policies that are in force. */
const OF_GROUP: AskedPlan = {
  policy: GROUP,
  requirement: { requiresOne: true, forbidden: ['passkey'] },
  whileExempt: 'required',
  requiresOfExempt: true,
  future: { ...NOTHING, requireOne: [{ ...GROUP, id: null }, USERS], forbidApps: [USERS], forbidPasskeys: [GROUP] },
  current: { ...NOTHING, everyoneNeedsOne: true, forbidApps: [USERS] },
  contradicting: [USERS],
  keptAdmin: ID,
}

const UNCONFIRMED = { now: NOW, besides: SUBJECT, askedBefore: NOW }

const EXEMPTION = {
  policyId: 'policy',
  subject: SUBJECT,
  reason: 'On leave',
  endsAt: NOW,
  createdAt: NOW,
  createdBy: null,
  byHelp: true,
}

const OPEN = { allowedRoles: [], allowedGroups: [], leastAssurance: null } as const
/** An app for a role or two groups with a passkey, which is then for another role and group. */
const RESTRICTED: AccessQuestion = {
  before: { allowedRoles: ['admin'], allowedGroups: ['group', 'other'], leastAssurance: 'phishing-resistant' },
  after: { allowedRoles: ['user'], allowedGroups: ['group'], leastAssurance: 'phishing-resistant' },
  current: { ...NOTHING, everyoneNeedsOne: true, forbidPasskeys: [GROUP] },
  keptAdmin: ID,
}
const TWO_FACTORS: AccessQuestion = {
  before: OPEN,
  after: { ...OPEN, leastAssurance: 'two-factors' },
  current: NOTHING,
  keptAdmin: undefined,
}

export const ROLLOUT_CALLS: QueryCalls = {
  'src/use-cases/administration/clients/access-check.view.ts': {
    countRefused: [(db) => checks.countRefused(db, RESTRICTED), (db) => checks.countRefused(db, TWO_FACTORS)],
    selectNewlyRefused: [
      (db) => checks.selectNewlyRefused(db, RESTRICTED, 10),
      (db) => checks.selectNewlyRefused(db, TWO_FACTORS, 10),
    ],
  },
  'src/domain/policies/rollout/deadline.queries.ts': {
    selectPlannedInstants: (db) =>
      asking.selectPlannedInstants(db, { subject: SUBJECT, roleKey: 'role:user', now: NOW }),
  },
  'src/domain/policies/rollout/exemption.queries.ts': {
    putExemptionRow: (db) => exemptions.putExemptionRow(db, EXEMPTION),
    deleteExemptionRow: (db) => exemptions.deleteExemptionRow(db, 'policy', SUBJECT),
    selectExemption: (db) => exemptions.selectExemption(db, 'policy', SUBJECT),
  },
  'src/domain/policies/rollout/rollout.queries.ts': {
    beginReminderRow: (db) => rollout.beginReminderRow(db, { id: 'version', stage: 1, position: ID }),
    moveReminderRow: (db) => rollout.moveReminderRow(db, { id: 'version', stage: 1, from: ID, to: null }),
    selectUnfinishedReminder: (db) => rollout.selectUnfinishedReminder(db, 'version'),
    putProgressRow: (db) => rollout.putProgressRow(db, 'policy', { day: 1, concerned: 2, missing: 1 }),
    selectProgress: (db) => rollout.selectProgress(db, 'policy', 1),
    deleteProgressBefore: (db) => rollout.deleteProgressBefore(db, 1),
  },
  'src/use-cases/administration/email-confirmations/unconfirmed.view.ts': {
    selectUnconfirmed: [
      (db) => unconfirmed.selectUnconfirmed(db, UNCONFIRMED, { after: ID, limit: 50 }),
      (db) =>
        unconfirmed.selectUnconfirmed(db, { ...UNCONFIRMED, besides: null }, { after: ID, limit: 1, among: [ID] }),
    ],
    countUnconfirmed: (db) => unconfirmed.countUnconfirmed(db, UNCONFIRMED),
  },
  'src/use-cases/administration/policy-rollout/exemptions.view.ts': {
    selectExempt: (db) => exempt.selectExempt(db, 'policy', { after: ID, limit: 50 }),
  },
  'src/use-cases/administration/policy-rollout/weighed-users.view.ts': {
    weighedUsers: (db) => weighed.weighedUsers(db, weighed.distinguishedByPlan({ ...ASKED, contradicting: [GROUP] })),
  },
  'src/use-cases/administration/policy-rollout/applicable.view.ts': {
    selectApplicableIds: (db) => applicable.selectApplicableIds(db, { policy: GROUP, at: NOW, ids: [ID] }),
  },
  'src/use-cases/administration/policy-rollout/plan.view.ts': {
    selectStopped: [
      (db) => plan.selectStopped(db, ASKED, { after: ID, limit: 50 }),
      (db) => plan.selectStopped(db, OF_GROUP, { after: ID, limit: 50, state: 'stopped' }),
      (db) => plan.selectStopped(db, ASKED, { after: ID, limit: 1, among: [ID] }),
    ],
    stopsAnyOf: [
      (db) => plan.stopsAnyOf(db, ASKED, { roles: ['admin', 'staff'], besides: SUBJECT }),
      (db) => plan.stopsAnyOf(db, { ...OF_GROUP, exemptUntil: NOW + 1 }, { roles: ['admin'], besides: SUBJECT }),
    ],
    countStopped: [
      (db) => plan.countStopped(db, ASKED),
      (db) => plan.countStopped(db, OF_GROUP),
      (db) => plan.countStopped(db, { ...ASKED, future: { ...ASKED.future, at: NOW + 1 } }),
    ],
  },
}
