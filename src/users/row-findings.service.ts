// What the check-up says about rows that people should look at.
import type { With } from '../context.ts'
import { ROLES } from '../kernel/caller.ts'
import { doubtfulRows, unreadableRows } from './row-findings.queries.ts'
import type { DoubtfulRow } from './row-findings.queries.ts'
import { faultsInEmail } from './user.ts'

export interface UserRowFinding {
  readonly code:
    | 'username-empty'
    | 'username-collides'
    | 'email-malformed'
    | 'email-collides'
    | 'role-unknown'
    | 'value-unreadable'
  /** The id of the user, for a link. */
  readonly id: number
  /** What is odd and what it means, for people. */
  readonly sentence: string
}

/** At most so many rows are looked at; who mends them finds the next ones. */
const MOST_ROWS = 1000

/** Rows that were adopted or typed in by hand and are not as ours would be; they are kept as they are. */
export async function userRowFindings(ctx: With<'db'>): Promise<UserRowFinding[]> {
  const rows = await doubtfulRows(ctx.db, MOST_ROWS)
  const unreadable = await unreadableRows(ctx.db, MOST_ROWS)
  return [
    ...rows.flatMap(findingsIn),
    ...unreadable.map(({ id, columns }) => unreadableFinding(id, columns.split(' '))),
  ]
}

function unreadableFinding(id: number, columns: readonly string[]): UserRowFinding {
  const sentence = `Nothing can be made of what stands in ${columns.join(', ')}, so it is not used.`
  return { code: 'value-unreadable', id, sentence }
}

function findingsIn(row: DoubtfulRow): UserRowFinding[] {
  const found: UserRowFinding[] = []
  const say = (code: UserRowFinding['code'], sentence: string): void => void found.push({ code, id: row.id, sentence })
  if (isBlank(row.username)) say('username-empty', 'This user has no username, so nobody can sign in as them.')
  else if (row.usernameKey === null) {
    say(
      'username-collides',
      'Another user has this username in other letters; this one signs in by the exact spelling only.',
    )
  }
  if (row.email !== null && !isBlank(row.email) && faultsInEmail(row.email).length > 0) {
    say('email-malformed', 'This address is not one that mail could be sent to.')
  } else if (!isBlank(row.email) && row.emailKey === null) {
    say('email-collides', 'Another user has this address too.')
  }
  if (row.role !== null && !ROLES.some((role) => role === row.role)) {
    say('role-unknown', 'This role is not known, so it counts as user.')
  }
  return found
}

/** Bytes are no text either, and told of apart. */
function isBlank(text: unknown): boolean {
  return typeof text !== 'string' || text.trim() === ''
}
