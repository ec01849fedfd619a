// What the check-up says about rows that people should look at.
import type { With } from '../../foundation/context.ts'
import { ROLES } from '../../foundation/kernel/principal.ts'
import { mixesScripts } from './mixed-scripts.ts'
import { doubtfulRows, mixedLetterRows, unreadableRows } from './row-findings.queries.ts'
import type { DoubtfulRow } from './row-findings.queries.ts'
import { textOrNull } from './user-row.ts'
import { faultsInEmail } from './user.ts'

export interface UserRowFinding {
  readonly code:
    | 'username-empty'
    | 'username-collides'
    | 'username-mixed'
    | 'email-malformed'
    | 'email-collides'
    | 'role-unknown'
    | 'value-unreadable'
  /** The id of the user, for a link. */
  readonly id: number
  /** The columns that cannot be read, where that is what is odd. */
  readonly columns: readonly string[]
}

/** At most so many rows are looked at; who mends them finds the next ones. */
const MOST_ROWS = 1000

/** Rows that were adopted or typed in by hand and are not as ours would be; they are kept as they are. */
export async function userRowFindings(ctx: With<'db'>): Promise<UserRowFinding[]> {
  const rows = await doubtfulRows(ctx.db, MOST_ROWS)
  const mixed = (await mixedLetterRows(ctx.db, MOST_ROWS)).filter(({ username }) =>
    mixesScripts(textOrNull(username) ?? ''),
  )
  const unreadable = await unreadableRows(ctx.db, MOST_ROWS)
  return [
    ...rows.flatMap(findingsIn),
    ...mixed.map(({ id }) => ({ code: 'username-mixed' as const, id, columns: [] })),
    ...unreadable.map(({ id, columns }) => ({ code: 'value-unreadable' as const, id, columns: columns.split(' ') })),
  ]
}

function findingsIn(row: DoubtfulRow): UserRowFinding[] {
  const found: UserRowFinding[] = []
  const say = (code: UserRowFinding['code']): void => void found.push({ code, id: row.id, columns: [] })
  // Whether a name or an address is free is not known before the row is completed.
  const isCompleted = row.usernameKey !== null || row.completedAt !== null
  if (isBlank(row.username)) say('username-empty')
  else if (row.usernameKey === null && isCompleted) say('username-collides')
  if (row.email !== null && !isBlank(row.email) && faultsInEmail(row.email).length > 0) say('email-malformed')
  else if (!isBlank(row.email) && row.emailKey === null && isCompleted) say('email-collides')
  if (row.role !== null && !ROLES.some((role) => role === row.role)) say('role-unknown')
  return found
}

/** Bytes are no text either, and told of apart. */
function isBlank(text: unknown): boolean {
  return typeof text !== 'string' || text.trim() === ''
}
