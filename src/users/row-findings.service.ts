// What the check-up says about rows that people should look at.
import type { With } from '../context.ts'
import { ROLES } from '../kernel/caller.ts'
import { type DoubtfulRow, doubtfulRows } from './row-findings.queries.ts'
import { faultsInEmail } from './user.ts'

export interface UserRowFinding {
  readonly code: 'username-empty' | 'username-collides' | 'email-malformed' | 'email-collides' | 'role-unknown'
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
  return rows.flatMap(findingsIn)
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
  if (!isBlank(row.email) && faultsInEmail(String(row.email)).length > 0) {
    say('email-malformed', 'This address is not one that mail could be sent to.')
  } else if (!isBlank(row.email) && row.emailKey === null) {
    say('email-collides', 'Another user has this address too.')
  }
  if (row.role !== null && !ROLES.some((role) => role === row.role)) {
    say('role-unknown', 'This role is not known, so it counts as user.')
  }
  return found
}

function isBlank(text: string | null): boolean {
  return text === null || String(text).trim() === ''
}
