import type { ListedSession } from '#domain/grants/idle-session.service.ts'
import { sessionPolicy } from '#domain/policies/policy.service.ts'
import type { User } from '#domain/users/user.ts'
import { texts } from '#foundation/texts/texts.ts'
import { presentSession } from '#use-cases/account/sessions/own-sessions.schema.ts'
import { listSessionsOf } from '#use-cases/administration/credentials/credentials-summary.service.ts'
import { revokeSession } from '#use-cases/administration/credentials/credentials.service.ts'
import { deviceText } from '#use-cases/page-sections/device.pages.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { USER_ARGUMENT, withContext, withUser, type Working } from '../terminal/invocation.ts'
import { type Column, printTable, totalOf } from '../terminal/list.ts'
import { printable } from '../terminal/output.ts'

const COLUMNS: readonly Column<ListedSession>[] = [
  { head: 'id', of: ({ id }) => id },
  // The device says it too, and a table with both would not fit.
  { head: 'kind', plainOnly: true, of: ({ transport }) => (transport === 'cookie' ? 'browser' : 'token') },
  { head: 'last seen', of: ({ lastSeenAt }) => ({ at: lastSeenAt }) },
  { head: 'started', plainOnly: true, of: ({ startedAt }) => ({ at: startedAt }) },
  { head: 'address', cut: true, of: ({ address }) => address },
  { head: 'device', cut: true, of: (session) => deviceText(texts('en'), session) },
  { head: 'idle', plainOnly: true, of: ({ isIdle }) => (isIdle ? 'yes' : 'no') },
]

export function addSession(program: CliCommand): void {
  const session = program.command('session').description('manage sessions')
  session
    .command('list')
    .description('list the sessions of a user, most recent first')
    .argument('<user>', USER_ARGUMENT)
    .withExamples('session list ada', 'session list ada --json')
    .action(withUser(list))
  session
    .command('revoke')
    .description('end a session')
    .argument('<id>', 'id of the session, from "session list"')
    .withExamples('session revoke 01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10')
    .action(withContext(revoke))
}

async function list({ ctx, out, loaded }: Working, user: User): Promise<void> {
  const sessions = await listSessionsOf(ctx, user)
  if (out.form === 'json') {
    const lifetimes = sessionPolicy(loaded)
    const views = sessions.map((session) => presentSession(session, { currentId: '', lifetimes }))
    // As in the API, without the field that marks the client's own session.
    return out.json({ items: views.map(({ current: _, ...view }) => view), next_cursor: null })
  }
  printTable(out, COLUMNS, sessions)
  out.say(totalOf(sessions.length, 'session', ` of ${printable(user.username)}`))
}

async function revoke({ ctx, out }: Working, id: string): Promise<void> {
  await revokeSession(ctx, id)
  out.result({ ended: 1 }, 'Ended the session')
}
