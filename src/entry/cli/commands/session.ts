import { presentSession } from '../../../use-cases/account/sessions/own-sessions.schema.ts'
import { listSessionsOf } from '../../../use-cases/administration/credentials/credentials-summary.service.ts'
import { revokeSession } from '../../../use-cases/administration/credentials/credentials.service.ts'
import { sessionPolicy } from '../../../domain/policies/policy.service.ts'
import { deviceText } from '../../../domain/sessions/device.pages.ts'
import type { SessionLifetimes } from '../../../domain/sessions/session.ts'
import type { Session } from '../../../domain/sessions/session.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { withContext } from '../terminal/invocation.ts'
import type { Working } from '../terminal/invocation.ts'
import { counted, printTable } from '../terminal/list.ts'
import type { Column } from '../terminal/list.ts'
import { namedUser, USER_ARGUMENT } from '../terminal/user-argument.ts'
import { printable } from '../terminal/output.ts'

const COLUMNS: readonly Column<Session>[] = [
  { head: 'id', of: ({ id }) => id },
  { head: 'kind', of: ({ transport }) => (transport === 'cookie' ? 'browser' : 'token') },
  { head: 'last seen', of: ({ lastSeenAt }) => ({ at: lastSeenAt }) },
  { head: 'started', of: ({ startedAt }) => ({ at: startedAt }) },
  { head: 'address', of: ({ address }) => address },
  { head: 'device', of: (session) => deviceText(texts('en'), session) },
]

export function addSession(program: CliCommand): void {
  const session = program.command('session').description('sessions of users')
  session
    .command('list')
    .description('list the sessions of a user, the last used first')
    .argument('<user>', USER_ARGUMENT)
    .withExamples('session list ada', 'session list ada --json')
    .action((word: string, _flags: object, command: CliCommand) =>
      withContext(command, (working) => list(working, word)),
    )
  session
    .command('revoke')
    .description('end one session')
    .argument('<id>', 'id of the session, from "session list"')
    .withExamples('session revoke 01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10')
    .action((id: string, _flags: object, command: CliCommand) => withContext(command, (working) => revoke(working, id)))
}

async function list({ ctx, out, loaded }: Working, word: string): Promise<void> {
  const user = await namedUser(ctx, word)
  const sessions = await listSessionsOf(ctx, user)
  if (out.form === 'json') {
    const lifetimes = sessionPolicy(loaded)
    return out.json({ items: sessions.map((session) => sessionView(session, lifetimes)), next_cursor: null })
  }
  printTable(out, { columns: COLUMNS, items: sessions })
  out.say(`${counted(sessions.length, 'session')} of ${printable(user.username)}`)
}

/** The session as in the API, without the field that marks the client's own session. */
function sessionView(session: Session, lifetimes: SessionLifetimes) {
  const { current: _, ...view } = presentSession(session, { currentId: '', lifetimes })
  return view
}

async function revoke({ ctx, out }: Working, id: string): Promise<void> {
  await revokeSession(ctx, id)
  if (out.form === 'json') return out.json({ ended: 1 })
  out.done(`Ended the session`)
}
