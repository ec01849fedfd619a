// The findings about user rows that the health check reports to admins.
import { builtInRole } from '#domain/roles/role.ts'
import type { With } from '#foundation/context.ts'
import { mixesScripts } from '../mixed-scripts.ts'
import { textOrNull } from '../user-row.ts'
import { fieldErrorsInEmail } from '../user.ts'
import { type DoubtfulRow, doubtfulRows, mixedLetterRows, routedRows, unreadableRows } from './row-findings.queries.ts'

export interface UserRowFinding {
  readonly code:
    | 'username-empty'
    | 'username-collides'
    | 'username-mixed'
    | 'email-malformed'
    | 'email-collides'
    | 'email-routed'
    | 'role-unknown'
    | 'value-unreadable'
  /** The id of the user, for a link. */
  readonly id: number
  /** The unreadable columns, for `value-unreadable`; otherwise empty. */
  readonly columns: readonly string[]
}

/** How many rows of each kind are read; once they are fixed, the next ones are reported. */
const MOST_ROWS = 1000

/** Returns findings about rows of a legacy database and externally inserted rows that this program would not have written. */
export async function userRowFindings(ctx: With<'db'>): Promise<UserRowFinding[]> {
  const rows = await doubtfulRows(ctx.db, MOST_ROWS)
  const mayMix = await mixedLetterRows(ctx.db, MOST_ROWS)
  const mixed = mayMix.filter(({ username }) => mixesScripts(textOrNull(username) ?? ''))
  const routed = await routedRows(ctx.db, MOST_ROWS)
  const unreadable = await unreadableRows(ctx.db, MOST_ROWS)
  return [
    ...rows.flatMap(findingsIn),
    ...mixed.map(({ id }) => ({ code: 'username-mixed' as const, id, columns: [] })),
    ...routed.map(({ id }) => ({ code: 'email-routed' as const, id, columns: [] })),
    ...unreadable.map(({ id, columns }) => ({ code: 'value-unreadable' as const, id, columns: columns.split(' ') })),
  ]
}

function findingsIn(row: DoubtfulRow): UserRowFinding[] {
  const found: UserRowFinding[] = []
  const report = (code: UserRowFinding['code']): void => void found.push({ code, id: row.id, columns: [] })
  // A missing key means a collision only after the row was completed.
  const isCompleted = row.usernameKey !== null || row.completedAt !== null
  if (isBlank(row.username)) report('username-empty')
  else if (row.usernameKey === null && isCompleted) report('username-collides')
  if (row.email !== null && !isBlank(row.email) && fieldErrorsInEmail(row.email).length > 0) report('email-malformed')
  else if (!isBlank(row.email) && row.emailKey === null && isCompleted) report('email-collides')
  if (row.role !== null && builtInRole(row.role) === undefined && row.rolePermissions === null) report('role-unknown')
  return found
}

/** Bytes count as blank; `value-unreadable` reports them separately. */
function isBlank(text: unknown): boolean {
  return typeof text !== 'string' || text.trim() === ''
}
