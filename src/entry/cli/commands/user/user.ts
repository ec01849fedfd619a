// Commands about users. Those that change their status are here.

import { isMailOn } from '#domain/mail/mail.service.ts'
import { presentUser } from '#domain/users/user.schema.ts'
import type { User } from '#domain/users/user.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import {
  deleteUser,
  disableUser,
  enableUser,
  signOutUser,
} from '#use-cases/administration/account-status/account-status.service.ts'
import { liftReview } from '#use-cases/administration/account-status/user-review.service.ts'
import { unlockUser } from '#use-cases/administration/credentials/credentials.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { attributesTyped, readAttributePair, type TypedAttributes } from '../../terminal/attribute-flags.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { EXPIRES_AT, readAccountEnd } from '../../terminal/flag-values.ts'
import { namedUser, USER_ARGUMENT, withContext, withUser, type Working } from '../../terminal/invocation.ts'
import { counted } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { confirmOr } from '../../terminal/prompt.ts'
import { addUserConfirmEmails } from './confirm-emails.ts'
import { addUserMailPasswordLink, addUserResetSecondFactor, addUserSetPassword } from './credentials.ts'
import { addUserCreate } from './invitations.ts'
import { addUserInviteMany } from './invite-many.ts'
import { addUserInvite } from './invite.ts'
import { addUserList } from './list.ts'
import { addUserRegistrations } from './registrations.ts'
import { addUserShow } from './show.ts'

export function addUser(program: CliCommand): void {
  const user = program.command('user').description('manage users')
  const add = (name: string, description: string, work: (working: Working, user: User) => Promise<void>): CliCommand =>
    user
      .command(name)
      .description(description)
      .argument('<user>', USER_ARGUMENT)
      .withExamples(`user ${name} ada`)
      .action(withUser(work))
  addUserList(user)
  addUserShow(user)
  addUserCreate(user)
  user
    .command('update')
    .description('update a user; an empty email or name removes it')
    .argument('<user>', USER_ARGUMENT)
    .option('--username <name>', 'new username')
    .option('--email <address>', 'new email address; not verified yet')
    .option('--full-name <name>', 'new full name')
    .option('--role <role>', 'new role; ends their sessions')
    .option('--expires-at <day>', `${EXPIRES_AT}; none removes it`, (text) =>
      text === 'none' ? text : readAccountEnd(text),
    )
    .option('--attribute <pair>', 'KEY=VALUE of an attribute; no value removes it', readAttributePair)
    .withExamples(
      'user update ada --email ada@example.org',
      'user update grace --role admin',
      'user update ada --expires-at 2027-06-30',
      'user update ada --attribute department=Sales',
    )
    .action(withContext(update))
  add('disable', 'disable a user: ends sessions and revokes API tokens', disable)
  add('enable', 'enable a disabled user', enable)
  add('delete', 'delete a user for good; the audit log keeps its entries (asks for confirmation)', remove)
  addUserSetPassword(user)
  addUserMailPasswordLink(user)
  addUserResetSecondFactor(user)
  addUserInvite(user)
  addUserInviteMany(user)
  addUserConfirmEmails(user)
  addUserRegistrations(user)
  add('sign-out', 'end all sessions and revoke API tokens', signOut)
  add('lift-review', 'lift the review of a user (who said “This wasn’t me” to a notice)', lift)
  add('unlock', 'unlock a user after too many attempts', unlock)
}

interface Changes {
  readonly username?: string
  readonly email?: string
  readonly fullName?: string
  readonly role?: string
  readonly expiresAt?: Instant | 'none'
  readonly attribute?: TypedAttributes
}

async function update({ ctx, out, loaded, command }: Working, word: string, flags: Changes): Promise<void> {
  if (Object.keys(flags).length === 0)
    throw CliFailure.usage(
      'Nothing to update. Use --username, --email, --full-name, --role, --expires-at or --attribute.',
    )
  const user = await namedUser(ctx, word)
  const { email, fullName, expiresAt, attribute, ...others } = flags
  const wanted = {
    ...others,
    email: orNull(email),
    fullName: orNull(fullName),
    expiresAt: expiresAt === 'none' ? null : expiresAt,
    attributes: await attributesTyped(ctx, attribute),
  }
  const changed = await changeUser(ctx, user, wanted)
  const { invitationWithdrawn } = changed
  if (out.form === 'json')
    return out.json({ ...presentUser(changed), ...(invitationWithdrawn && { invitation_withdrawn: true }) })
  if (changed.revision === user.revision) return out.say(`Nothing to update for ${printable(user.username)}`)
  out.done(`Updated ${printable(changed.username)}`)
  if (!invitationWithdrawn) return
  const byMail = isMailOn(loaded.config) && changed.email !== null ? ' --mail' : ''
  out.warn(
    `  The invitation to the former address no longer works. Send another: ${command(`user invite ${user.id}${byMail}`)}`,
  )
}

/** An empty text removes what is stored. */
function orNull(value: string | undefined): string | null | undefined {
  return value === '' ? null : value
}

async function disable({ ctx, out }: Working, user: User): Promise<void> {
  const disabled = await disableUser(ctx, user)
  out.result(presentUser(disabled), `Disabled ${printable(disabled.username)}`)
}

async function enable({ ctx, out }: Working, user: User): Promise<void> {
  const enabled = await enableUser(ctx, user)
  out.result(presentUser(enabled), `Enabled ${printable(enabled.username)}`)
}

async function remove(working: Working, user: User): Promise<void> {
  const { ctx, out } = working
  await confirmOr(working, `Delete ${printable(user.username)} (id ${user.id}) for good?`)
  await deleteUser(ctx, user)
  out.result({ deleted: presentUser(user) }, `Deleted ${printable(user.username)}`)
}

async function signOut({ ctx, out }: Working, user: User): Promise<void> {
  const ended = await signOutUser(ctx, user)
  out.result({ ended }, `Signed out ${printable(user.username)}: ${counted(ended, 'session')} ended`)
}

async function lift({ ctx, out }: Working, user: User): Promise<void> {
  const lifted = await liftReview(ctx, user)
  out.result(presentUser(lifted), `Lifted the review of ${printable(lifted.username)}`)
}

async function unlock({ ctx, out }: Working, user: User): Promise<void> {
  const resetCount = await unlockUser(ctx, user)
  out.result({ opened: resetCount }, `Unlocked ${printable(user.username)}`)
}
