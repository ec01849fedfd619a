// Decides on people who have registered and wait.
import { findWaiting } from '#domain/registrations/registration.service.ts'
import type { WaitingRegistration } from '#domain/registrations/registration.ts'
import { presentUser } from '#domain/users/user.schema.ts'
import { presentWaiting } from '#use-cases/administration/registrations/registrations.schema.ts'
import {
  approveRegistration,
  declineRegistration,
} from '#use-cases/administration/registrations/registrations.service.ts'
import { pageWaiting } from '#use-cases/administration/registrations/waiting-list.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { GROUP, readGroupName } from '../../terminal/flag-values.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { type Column, printTable, totalOf } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'

const ARGUMENT = 'id, username or email address of the registration'
const PAGE_SIZE = 200

const COLUMNS: readonly Column<WaitingRegistration>[] = [
  { head: 'id', of: ({ id }) => id },
  { head: 'username', cut: true, of: ({ username }) => username },
  { head: 'email', cut: true, of: ({ email }) => email },
  { head: 'full name', plainOnly: true, of: ({ fullName }) => fullName ?? '' },
  { head: 'registered', of: ({ submittedAt }) => ({ at: submittedAt }) },
]

export function addUserRegistrations(parent: CliCommand): void {
  parent
    .command('waiting')
    .description('list people who are waiting for approval')
    .withExamples('user waiting', 'user waiting --json')
    .action(withContext(listRegistrations))
  parent
    .command('approve')
    .description('approve a registration: creates the user and tells them by mail')
    .argument('<registration>', ARGUMENT)
    .option('--group <name>', `${GROUP}; without it, those of the setting registration_groups`, readGroupName)
    .withExamples('user approve grace', 'user approve grace --group Members --group Choir')
    .action(withContext(approve))
  parent
    .command('decline')
    .description('decline a registration; the person is told why by mail')
    .argument('<registration>', ARGUMENT)
    .option('--reason <text>', 'reason, mailed to the person')
    .withExamples('user decline grace --reason "Only for staff"')
    .action(withContext(decline))
}

async function listRegistrations({ ctx, out }: Working): Promise<void> {
  const waiting: WaitingRegistration[] = []
  let after: string | null = ''
  while (after !== null) {
    const { items, next }: Awaited<ReturnType<typeof pageWaiting>> = await pageWaiting(ctx, { after, limit: PAGE_SIZE })
    waiting.push(...items)
    after = next
  }
  if (out.form === 'json') return out.json({ items: waiting.map(presentWaiting), next_cursor: null })
  printTable(out, COLUMNS, waiting)
  out.say(totalOf(waiting.length, 'registration'))
}

async function approve(
  { ctx, out }: Working,
  word: string,
  { group: groups }: { readonly group?: readonly string[] },
): Promise<void> {
  const { id } = await findWaiting(ctx, word)
  const user = await approveRegistration(ctx, id, { groups })
  out.result(presentUser(user), `Approved ${printable(user.username)} (id ${user.id})`)
}

async function decline({ ctx, out }: Working, word: string, { reason }: { readonly reason?: string }): Promise<void> {
  if (reason === undefined) throw CliFailure.usage('The person is told why. Add --reason.')
  const { id } = await findWaiting(ctx, word)
  const declined = await declineRegistration(ctx, { id, reason })
  out.result({ declined: presentWaiting(declined) }, `Declined ${printable(declined.username)}`)
}
