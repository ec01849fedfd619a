import { Option } from 'commander'

import { requireKnownRole } from '#domain/roles/role.service.ts'
import { presentUser } from '#domain/users/user.schema.ts'
import { statusOf, type User, type UserStatus } from '#domain/users/user.ts'
import { decodeCursor, encodeCursor } from '#foundation/web/http/pagination.ts'
import { groupOfList } from '#use-cases/administration/users/group-of-list.service.ts'
import { listUsers, tallyUsers, type UserPage } from '#use-cases/administration/users/user-list.service.ts'
import {
  cursorOf,
  orderOf,
  positionIn,
  secondFactorOf,
  type SortText,
  STRONGEST_FACTORS,
  type StrongestFactor,
  USER_SORTS,
  type UserCursor,
  type UserFilter,
} from '#use-cases/administration/users/user-list.ts'
import { MOST_COUNTED, totalIn, userRangeOf } from '#use-cases/administration/users/user-range.ts'
import { UserCursorShape } from '#use-cases/administration/users/users.schema.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { cellOr, type Column, printTable, rangeText, sayFurtherPages, totalOf } from '../../terminal/list.ts'
import { addPageFlags, type PageFlags, pageSize, wordsWithLimit } from '../../terminal/pages.ts'

interface Flags extends PageFlags {
  readonly status?: UserStatus
  readonly role?: string
  readonly secondStep?: StrongestFactor
  readonly search?: string
  readonly group?: string
  readonly sort: SortText
}

const STATUSES: readonly UserStatus[] = ['active', 'invited', 'disabled', 'no-factor']
const SORTS = USER_SORTS.flatMap((sort) => [sort, `-${sort}`])
const SORT = 'username'

const COLUMNS: readonly Column<User>[] = [
  { head: 'username', cut: true, of: ({ username }) => username },
  { head: 'email', cut: true, of: ({ email }) => email ?? '' },
  { head: 'role', of: ({ role }) => role },
  { head: 'status', of: statusOf },
  { head: 'second step', of: secondFactorOf },
  { head: 'last sign-in', of: ({ lastSignInAt }) => cellOr(lastSignInAt, 'never') },
]

export function addUserList(parent: CliCommand): void {
  const list = parent
    .command('list')
    .description('list users')
    .addOption(new Option('--status <status>', 'only users with this status').choices(STATUSES))
    .option('--role <role>', 'only users with this role')
    .addOption(
      new Option('--second-step <kind>', 'only users with this as strongest second step').choices(STRONGEST_FACTORS),
    )
    .option('--search <text>', 'only users with this text in username, email or name')
    .option('--group <name>', 'only members of this group')
    .addOption(
      new Option('--sort <field>', 'sort field; prefix with - for descending order').choices(SORTS).default(SORT),
    )
  addPageFlags(list, 'user')
    .withExamples('user list --status no-factor', 'user list --search grace --json', 'user list --all --plain')
    .action(withContext(listAll))
}

async function listAll(working: Working, flags: Flags): Promise<void> {
  const { ctx, out } = working
  const order = orderOf(flags.sort)
  const { search: q, status, role, secondStep: secondFactor } = flags
  if (role !== undefined) await requireKnownRole(ctx, role)
  const filter: UserFilter = { q, status, role, secondFactor, group: await groupOfList(ctx, flags.group) }
  const limit = pageSize(flags)
  const start = flags.cursor === undefined ? BEGINNING : startAt(flags.cursor, flags.sort)
  const { before } = start
  let { after } = start
  let count = 0
  let next: string | null = null
  do {
    const page: UserPage = await listUsers(ctx, { ...filter, order, limit, after })
    const ordinal = before === undefined ? undefined : before + count + page.items.length
    next = page.next === null ? null : encodeCursor(cursorOf(page.next, order, ordinal))
    if (flags.all && out.form === 'json') page.items.forEach((user) => out.json(presentUser(user)))
    else if (out.form === 'json') out.json({ items: page.items.map(presentUser), next_cursor: next })
    else printTable(out, COLUMNS, page.items)
    count += page.items.length
    after = page.next
  } while (flags.all && after !== null)
  if (out.form === 'json') return
  const isWhole = flags.all === true || (before === 0 && next === null)
  const page = { before, shown: count, isLast: next === null }
  const range = isWhole ? undefined : userRangeOf(page, totalIn(await tallyUsers(ctx, q, filter.group), filter))
  out.say(range === undefined ? totalOf(count, 'user') : rangeText(range, MOST_COUNTED))
  if (!flags.all && next !== null) sayFurtherPages(working, ['user list', wordsOf(flags)], next)
}

/** The flags as they are typed, without those that have their default value. */
function wordsOf(flags: Flags) {
  const { status, role, secondStep, search, group, sort } = flags
  const words = { status, role, 'second-step': secondStep, search, group, ...(sort !== SORT && { sort }) }
  return wordsWithLimit(words, flags)
}

/** Where a page begins, and how many users come before it; an earlier build's cursor does not say. */
interface Start {
  readonly after: UserCursor | null
  readonly before: number | undefined
}

const BEGINNING: Start = { after: null, before: 0 }

function startAt(text: string, sort: SortText): Start {
  const cursor = decodeCursor(UserCursorShape, text)
  const after = positionIn(cursor, orderOf(sort))
  if (after === undefined) throw CliFailure.usage('This cursor belongs to a list in another order')
  return { after, before: cursor.ordinal }
}
