// The reads of an administrator, each with its limit in milliseconds and a plain query for as many rows.
import { eventsToExport } from '../src/use-cases/administration/audit/event-export.service.ts'
import { listNamedEvents } from '../src/use-cases/administration/audit/events.service.ts'
import { checkUp } from '../src/use-cases/administration/health/health.service.ts'
import { readOverview } from '../src/use-cases/administration/dashboard/overview.service.ts'
import { actOnUsers } from '../src/use-cases/administration/users-page/bulk.service.ts'
import { findGroupByName, listGroups } from '../src/domain/groups/group.service.ts'
import { listMembers } from '../src/domain/groups/membership.service.ts'
import { LARGE_GROUPS } from '../test/support/databases/grown-groups.ts'
import { groupOfList } from '../src/use-cases/administration/users/group-of-list.service.ts'
import { listUsers, tallyUsers } from '../src/use-cases/administration/users/user-list.service.ts'
import { orderOf } from '../src/use-cases/administration/users/user-list.ts'
import type { SortText, UserFilter } from '../src/use-cases/administration/users/user-list.ts'
import { verifyAudit } from '../src/domain/audit/verify.service.ts'
import type { Context } from '../src/foundation/context.ts'
import { recountUsers } from '../src/domain/users/user-count.service.ts'

export interface GrowthRead {
  readonly read: (ctx: Context) => Promise<unknown>
  readonly raw: string
  /** Milliseconds. */
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

const ofGroup = (name: string, sort: SortText = 'username'): GrowthRead => ({
  read: async (ctx) => {
    const group = await groupOfList(ctx, name)
    return listUsers(ctx, { group, order: orderOf(sort), limit: PAGE, after: null })
  },
  raw: 'select * from users order by username_key, id limit 51',
  within: SUMMARY,
})

const members = (name: string): GrowthRead => ({
  read: async (ctx) => listMembers(ctx, (await findGroupByName(ctx, name))?.id ?? '', { limit: PAGE }),
  raw: 'select * from users order by username_key, id limit 51',
  within: SUMMARY,
})

const summary = (read: GrowthRead['read']): GrowthRead => ({
  read,
  raw: 'select count(*) from user_count',
  within: SUMMARY,
})

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
  groups: summary((ctx) => listGroups(ctx, { limit: PAGE })),
  'groups with a part of a name': summary((ctx) => listGroups(ctx, { q: '77', limit: PAGE })),
  'the groups of a user': summary((ctx) =>
    listGroups(ctx, { member: (4711).toString(16).padStart(32, '0'), limit: PAGE }),
  ),
  'members of a group': members('Group 7'),
  'members of a group of a fifth of all users': members(LARGE_GROUPS.scattered),
  'members of one whose members are last by name': members(LARGE_GROUPS.last),
  'users of a group': ofGroup('Group 7'),
  'users of a group, the last to sign in first': ofGroup('Group 7', '-last_sign_in_at'),
  'users of a group of a fifth of all users': ofGroup(LARGE_GROUPS.scattered),
  'users of it, the last to sign in first': ofGroup(LARGE_GROUPS.scattered, '-last_sign_in_at'),
  'users of one whose members are last by name': ofGroup(LARGE_GROUPS.last),
  'the newest events': events({}),
  'a rare kind of event': events({ action: 'user.deleted' }),
  'refused events': events({ result: 'refused' }),
  'events about one user': events({ about: '950' }),
  'events from a network': events({ address: '0.0.0.0/24' }),
  'the overview': summary(readOverview),
  'the check-up': summary(checkUp),
}

const EXPORTED = 100_000
const AT_ONCE = 200

/** Work that takes long by nature; it must not delay requests. */
export const LONG_WORK: Readonly<Record<string, (ctx: Context) => Promise<unknown>>> = {
  'an export of 100,000 events': exportEvents,
  'the verification of the chain': verifyAudit,
  'recounting all users': recountUsers,
  'disabling 200 users': (ctx) =>
    actOnUsers(ctx, { action: 'disable', ids: Array.from({ length: AT_ONCE }, (_, index) => index + 1) }),
}

async function exportEvents(ctx: Context): Promise<void> {
  let count = 0
  for await (const _ of eventsToExport(ctx, {})) if (++count === EXPORTED) return
}
