// Invites every user with a status again, such as all who were invited and have not come.
import { presentUser } from '#domain/users/user.schema.ts'
import type { UserStatus } from '#domain/users/user.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { presentFieldErrors } from '#foundation/web/http/problem.ts'
import { presentInvitation, presentMailed } from '#use-cases/administration/invitations/invitation.schema.ts'
import { actOnUsers, MOST_AT_ONCE, type Report } from '#use-cases/administration/users-page/bulk.service.ts'
import { listUsers } from '#use-cases/administration/users/user-list.service.ts'
import { orderOf, type UserCursor } from '#use-cases/administration/users/user-list.ts'
import { writtenOut } from '../../terminal/contractions.ts'
import { EXIT } from '../../terminal/exit-codes.ts'
import { waitInSeconds } from '../../terminal/failure.ts'
import type { Working } from '../../terminal/invocation.ts'
import { counted, printTable } from '../../terminal/list.ts'
import { confirmOr } from '../../terminal/prompt.ts'

interface Wish {
  readonly status: UserStatus
  readonly lifetime: Duration | undefined
  readonly mail: boolean
}

export async function inviteAgain(working: Working, { status, lifetime, mail }: Wish): Promise<void> {
  const { ctx, out, loaded } = working
  const ids = await idsWith(working, status)
  if (ids.length > 0)
    await confirmOr(working, `Invite ${counted(ids.length, 'user')} again? Their present links stop working.`)
  const lines: ShownLine[] = []
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
    const batch = { ids: ids.slice(at, at + MOST_AT_ONCE), delivery: mail ? 'mail' : 'link', lifetime } as const
    const reports = await actOnUsers(ctx, { action: 'invite', ...batch })
    lines.push(...reports.map((report) => lineOf(loaded.config, report)))
  }
  const refused = lines.filter(({ error }) => error !== null).length
  const invited = lines.length - refused
  if (out.form === 'json') out.json({ invited, refused, lines })
  else {
    printTable(out, COLUMNS, lines)
    out.say(`Invited: ${counted(invited, 'user')}. Refused: ${refused}.`)
  }
  if (refused > 0) process.exitCode = invited > 0 ? EXIT.partialSuccess : EXIT.notValid
}

/** All of them are found first: with the new invitation a user may move in the list. */
async function idsWith({ ctx }: Working, status: UserStatus): Promise<number[]> {
  const ids: number[] = []
  let after: UserCursor | null = null
  do {
    const page: Awaited<ReturnType<typeof listUsers>> = await listUsers(ctx, {
      status,
      order: orderOf('username'),
      limit: MOST_AT_ONCE,
      after,
    })
    ids.push(...page.items.map(({ id }) => id))
    after = page.next
  } while (after !== null)
  return ids
}

function lineOf(config: { readonly publicUrl: string }, report: Report) {
  const user = presentUser(report.user)
  const line = { user: user.id, username: user.username }
  if (report.outcome === 'refused') {
    const { refusal } = report
    const { code, message, facts } = refusal
    const [field] = presentFieldErrors(facts.fieldErrors ?? [])
    const error = { code: field?.code ?? code, detail: field?.detail ?? message + waitInSeconds(refusal) }
    return { ...line, invitation: null, error }
  }
  const { invitation, mailed } = report.outcome === 'done' ? report : {}
  if (mailed) return { ...line, invitation: presentMailed(mailed), error: null }
  return { ...line, invitation: invitation ? presentInvitation(config, invitation) : null, error: null }
}

type ShownLine = ReturnType<typeof lineOf>

const COLUMNS = [
  { head: 'username', of: ({ username }: ShownLine) => username },
  { head: 'invitation or error', of: outcomeOf },
] as const

function outcomeOf({ invitation, error }: ShownLine): string {
  if (error !== null) return writtenOut(error.detail)
  return invitation?.url ?? `mailed to ${invitation?.mailed_to}`
}
