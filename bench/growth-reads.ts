// The reads of an administrator, each with its limit in milliseconds and a plain query for as many rows.
import { verifyAudit } from '#domain/audit/verify.service.ts'
import type { AppAccess } from '#domain/clients/app-access.ts'
import { findGroupByName, listGroups } from '#domain/groups/group.service.ts'
import { listMembers } from '#domain/groups/membership.service.ts'
import { deleteExpiredNotices } from '#domain/notices/notice.service.ts'
import type { FactorTerms } from '#domain/policies/evaluation/factor-requirement.ts'
import type { Scoped } from '#domain/policies/scope.ts'
import { recountUsers } from '#domain/users/user-count.service.ts'
import type { Context } from '#foundation/context.ts'
import { days } from '#foundation/kernel/time.ts'
import { LARGE_GROUPS } from '#test/support/databases/grown-groups.ts'
import { storePolicyVersion } from '#test/support/policies/stored-policies.ts'
import { eventsToExport } from '#use-cases/administration/audit/event-export.service.ts'
import { listNamedEvents } from '#use-cases/administration/audit/events.service.ts'
import { checkAccess, firstRefused } from '#use-cases/administration/clients/access-check.service.ts'
import { readOverview } from '#use-cases/administration/dashboard/overview.service.ts'
import { checkUp } from '#use-cases/administration/health/health.service.ts'
import {
  FIRST_PAGE,
  pagePlan,
  proposedPlan,
  summarizePlan,
} from '#use-cases/administration/policy-rollout/plan.service.ts'
import { notePoliciesProgress } from '#use-cases/administration/policy-rollout/progress.service.ts'
import { remindOfPolicies } from '#use-cases/administration/policy-rollout/reminder.service.ts'
import { actOnUsers } from '#use-cases/administration/users-page/bulk.service.ts'
import { groupOfList } from '#use-cases/administration/users/group-of-list.service.ts'
import { listUsers, tallyUsers } from '#use-cases/administration/users/user-list.service.ts'
import { orderOf, type SortText, type UserFilter } from '#use-cases/administration/users/user-list.ts'

export interface GrowthRead {
  readonly read: (ctx: Context) => Promise<unknown>
  readonly raw: string
  /** Milliseconds. Where the plain query takes longer, half as much again as that is allowed. */
  readonly within: number
}

const PAGE = 50
const LIST = 20
const SUMMARY = 100

const users = (filter: UserFilter = {}, sort: SortText = 'username'): GrowthRead => ({
  read: (ctx) => listUsers(ctx, { ...filter, order: orderOf(sort), limit: PAGE, after: null }),
  raw: 'select * from users order by username_key, id limit 51',
  within: LIST,
})

const events = (filter: Partial<Parameters<typeof listNamedEvents>[1]>): GrowthRead => ({
  read: (ctx) => listNamedEvents(ctx, { ...filter, limit: PAGE }),
  raw: 'select * from audit_event order by at desc, id desc limit 51',
  within: LIST,
})

/** The ids of the groups by their names. */
const GROUPS = { 'Group 7': 'group-7', [LARGE_GROUPS.scattered]: 'scattered', [LARGE_GROUPS.last]: 'last' } as const
type GroupName = keyof typeof GROUPS

const sorted = (name: GroupName): string => `select users.* from group_member
  join users on users.subject = group_member.subject where group_id = '${GROUPS[name]}' order by username_key, id limit 51`

const ofGroup = (
  name: GroupName,
  { sort = 'username', ...filter }: UserFilter & { sort?: SortText } = {},
): GrowthRead => ({
  read: async (ctx) => {
    const group = await groupOfList(ctx, name)
    return listUsers(ctx, { ...filter, group, order: orderOf(sort), limit: PAGE, after: null })
  },
  raw: sorted(name),
  within: LIST,
})

const members = (name: GroupName): GrowthRead => ({
  read: async (ctx) => listMembers(ctx, (await findGroupByName(ctx, name))?.id ?? '', { limit: PAGE }),
  raw: sorted(name),
  within: LIST,
})

const groups = (wish: Omit<Parameters<typeof listGroups>[1], 'limit'>): GrowthRead => ({
  read: (ctx) => listGroups(ctx, { ...wish, limit: PAGE }),
  raw: `select group_id, count(*) from group_member
    where group_id in (select id from user_group order by name_key limit 51) group by group_id`,
  within: LIST,
})

const plan = (policy: Scoped, terms: FactorTerms): GrowthRead => ({
  read: async (ctx) => summarizePlan(ctx, await proposedPlan(ctx, { policy, terms, at: ctx.now })),
  raw: 'select count(*) from user_count',
  within: SUMMARY,
})

const summary = (read: GrowthRead['read']): GrowthRead => ({
  read,
  raw: 'select count(*) from user_count',
  within: SUMMARY,
})

const PASSKEY_APP = {
  allowedRoles: ['admin'],
  allowedGroups: ['group-7'],
  leastAssurance: 'phishing-resistant',
} as const
const LARGE_GROUP_APP = {
  allowedRoles: [],
  allowedGroups: ['scattered'],
  leastAssurance: 'phishing-resistant',
} as const

async function checkApp(ctx: Context, after: AppAccess): Promise<void> {
  await firstRefused(ctx, await checkAccess(ctx, { after }))
}

const EVERYONE = { scope: 'everyone', scopeRef: null } as const
const PASSKEYS: FactorTerms = { secondFactor: 'phishing-resistant', factors: null }

export const GROWTH_READS: Readonly<Record<string, GrowthRead>> = {
  'users by name': users(),
  'users by last sign-in': users({}, '-last_sign_in_at'),
  'the disabled': users({ status: 'disabled' }),
  'the invited, newest first': users({ status: 'invited' }, '-created_at'),
  'the active, those who never signed in first': users({ status: 'active' }, 'last_sign_in_at'),
  admins: users({ role: 'admin' }),
  'a search for a common part': users({ q: 'son' }),
  'a search for a common part among the disabled': users({ q: 'son', status: 'disabled' }),
  'a search for the last name of the alphabet': users({ q: 'tess' }),
  'a search for one user': users({ q: 'person 4711' }),
  'a search for two letters': users({ q: 'ad' }),
  'how many users each filter shows': summary((ctx) => tallyUsers(ctx, undefined)),
  groups: groups({}),
  'groups with a part of a name': groups({ q: '77' }),
  'the groups of a user': groups({ member: (4711).toString(16).padStart(32, '0') }),
  'members of a group': members('Group 7'),
  'members of a group of a fifth of all users': members(LARGE_GROUPS.scattered),
  'members of one whose members are last by name': members(LARGE_GROUPS.last),
  'users of a group': ofGroup('Group 7'),
  'users of a group, the last to sign in first': ofGroup('Group 7', { sort: '-last_sign_in_at' }),
  'users of a group of a fifth of all users': ofGroup(LARGE_GROUPS.scattered),
  'users of it, the last to sign in first': ofGroup(LARGE_GROUPS.scattered, { sort: '-last_sign_in_at' }),
  'users of one whose members are last by name': ofGroup(LARGE_GROUPS.last),
  'a search for a common part in a group': ofGroup('Group 7', { q: 'son' }),
  'a search for a common part in a group of a fifth of all users': ofGroup(LARGE_GROUPS.scattered, { q: 'son' }),
  'the newest events': events({}),
  'a rare kind of event': events({ action: 'user.deleted' }),
  'refused events': events({ result: 'refused' }),
  'events about one user': events({ about: '950' }),
  'events from a network': events({ address: '0.0.0.0/24' }),
  'the overview': summary(readOverview),
  'the check-up': summary(checkUp),
  'the plan of a second step for everyone': plan(EVERYONE, { secondFactor: 'required', factors: null }),
  'the plan of passkeys for everyone': plan(EVERYONE, PASSKEYS),
  'the plan of passkeys for a role': plan({ scope: 'role', scopeRef: 'user' }, PASSKEYS),
  'who loses an app that needs a role or group and a passkey': summary((ctx) => checkApp(ctx, PASSKEY_APP)),
  'the plan of passkeys for a group': plan({ scope: 'group', scopeRef: 'group-7' }, PASSKEYS),
}

const EXPORTED = 100_000
const AT_ONCE = 200

interface LongWork {
  readonly work: (ctx: Context) => Promise<unknown>
  /** Whether it reads most users, so that the wait of a page beside it is measured too. */
  readonly readsAll?: true
}

/** Work that takes long by nature; it must delay neither requests nor pages. */
export const LONG_WORK: Readonly<Record<string, LongWork>> = {
  'an export of 100,000 events': { work: exportEvents },
  'the verification of the chain': { work: verifyAudit },
  'recounting all users': { work: recountUsers, readsAll: true },
  'the progress of five policies': {
    work: (ctx) => notePoliciesProgress(ctx, AbortSignal.timeout(60_000)),
    readsAll: true,
  },
  'the plan of passkeys beside a group of a fifth of all users': { work: planBesideLargeGroup, readsAll: true },
  'who loses an app for a group of a fifth of all users': {
    work: (ctx) => checkApp(ctx, LARGE_GROUP_APP),
    readsAll: true,
  },
  'a page of a plan that no user is on': { work: emptyPlanPage, readsAll: true },
  'two seconds of reminders of a policy': {
    work: (ctx) => remindOfPolicies(ctx, AbortSignal.timeout(2000)),
    readsAll: true,
  },
  'deleting 5,000 old notices': { work: deleteExpiredNotices },
  'disabling 200 users': {
    work: (ctx) =>
      actOnUsers(ctx, { action: 'disable', ids: Array.from({ length: AT_ONCE }, (_, index) => index + 1) }),
  },
}

/** The page that is asked for again and again beside long work. */
export const PAGE_BESIDE = users().read

async function planBesideLargeGroup(ctx: Context): Promise<void> {
  const policy = { scope: 'group', scopeRef: 'scattered' } as const
  await summarizePlan(ctx, await proposedPlan(ctx, { policy, terms: PASSKEYS, at: ctx.now }))
}

async function emptyPlanPage(ctx: Context): Promise<void> {
  const planned = await proposedPlan(ctx, { policy: EVERYONE, terms: PASSKEYS, at: ctx.now })
  await pagePlan(ctx, planned, { after: FIRST_PAGE, limit: PAGE, state: 'joining' })
}

/** Stores five policies, one of which begins later, and notices whose link has ended. */
export async function addPoliciesAndNotices({ db, now }: Pick<Context, 'db' | 'now'>): Promise<void> {
  await storePolicyVersion(db, { id: 'all', secondFactor: 'required' })
  await storePolicyVersion(db, { id: 'all', version: 2, secondFactor: 'phishing-resistant', from: now + days(14) })
  await storePolicyVersion(db, { id: 'role', scope: 'role', scopeRef: 'user', secondFactor: 'required' })
  for (const n of [1, 2, 3])
    await storePolicyVersion(db, { id: `group-${n}`, scope: 'group', scopeRef: `group-${n}`, secondFactor: 'required' })
  const notice = { kind: 'new-device', position: 1, created_at: 0, expires_at: 1 } as const
  for (let first = 0; first < ENDED_NOTICES; first += 500) {
    const ids = Array.from({ length: 500 }, (_, index) => String(first + index + 1))
    const rows = ids.map((id) => ({ ...notice, id, subject: (1 + (Number(id) % FEW)).toString(16).padStart(32, '0') }))
    await db
      .insertInto('notice')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

const ENDED_NOTICES = 5000
/** They are of so many users, whom also a small database has. */
const FEW = 50

async function exportEvents(ctx: Context): Promise<void> {
  let count = 0
  for await (const _ of eventsToExport(ctx, {})) if (++count === EXPORTED) return
}
