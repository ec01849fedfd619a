// Gives a user another password, and removes a second factor that a user has lost.
import { presentUser } from '#domain/users/user.schema.ts'
import { type User, waitsForInvitation } from '#domain/users/user.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import {
  countsOf,
  enrolledFactors,
  type FactorCounts,
} from '#use-cases/administration/credentials/credentials-summary.service.ts'
import { presentReset } from '#use-cases/administration/credentials/credentials.schema.ts'
import {
  requireValidPassword,
  resetSecondFactor,
  type SecondFactorReset,
  setPassword,
} from '#use-cases/administration/credentials/credentials.service.ts'
import { enrolmentLinkUrl } from '#use-cases/administration/credentials/enrolment-link.ts'
import { presentPasswordLink } from '#use-cases/administration/help/help.schema.ts'
import { mailPasswordLink } from '#use-cases/administration/help/help.service.ts'
import { invitationUrl } from '#use-cases/administration/invitations/invitation.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { USER_ARGUMENT, withUser, type Working } from '../../terminal/invocation.ts'
import { noteDefaultUrl, printLink } from '../../terminal/link-output.ts'
import { counted, momentForPeople } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { addPasswordFlags, type PasswordFlags, readPassword } from '../../terminal/password-input.ts'
import { confirmOr } from '../../terminal/prompt.ts'

interface SetFlags extends PasswordFlags {
  readonly mustChange?: boolean
  readonly keepSessions?: boolean
}

export function addUserSetPassword(parent: CliCommand): void {
  const command = parent
    .command('set-password')
    .description('set a new password; ends sessions and revokes API tokens')
    .argument('<user>', USER_ARGUMENT)
  addPasswordFlags(command)
    .option('--must-change', 'require a change at next sign-in')
    .option('--keep-sessions', 'keep sessions and API tokens')
    .withExamples('user set-password ada', 'user set-password ada --password-file new-password.txt --must-change')
    .action(withUser(set))
}

async function set(working: Working, user: User, flags: SetFlags): Promise<void> {
  const { ctx, out } = working
  const password = await readPassword(flags, working, (typed) => requireValidPassword(ctx, user, typed))
  const changed = await setPassword(ctx, user, password, flags)
  const sessions = flags.keepSessions ? 'kept their sessions' : 'signed them out everywhere'
  out.result(presentUser(changed), `Set the password of ${printable(changed.username)} and ${sessions}`)
}

export function addUserMailPasswordLink(parent: CliCommand): void {
  parent
    .command('mail-password-link')
    .description('mail a link to a new password (to the verified address of a user without permissions)')
    .argument('<user>', USER_ARGUMENT)
    .withExamples('user mail-password-link ada')
    .action(withUser(mailLink))
}

async function mailLink({ ctx, out }: Working, user: User): Promise<void> {
  const mailed = await mailPasswordLink(ctx, user)
  const { mailedTo, expiresAt } = mailed
  out.result(
    presentPasswordLink(mailed),
    `The link is on its way to ${printable(mailedTo)}. It works once and expires ${momentForPeople(expiresAt)}.`,
  )
}

interface ResetFlags {
  readonly link?: boolean
  readonly password?: boolean
  readonly reason: string
}

export function addUserResetSecondFactor(parent: CliCommand): void {
  parent
    .command('reset-second-factor')
    .description(
      'remove all second steps of a user (signs them out, revokes their API tokens and prints a link that asks for their password and sets up a new one; asks for confirmation)',
    )
    .argument('<user>', USER_ARGUMENT)
    .requiredOption('--reason <text>', 'reason, recorded in the audit log')
    .option('--password', 'also reset the password; the link lets them choose a new one')
    .option('--link', 'print only the link')
    .withExamples(
      'user reset-second-factor ada --reason "new phone, asked in person"',
      'user reset-second-factor ada --reason "lost everything" --password --yes',
    )
    .action(withUser(reset))
}

async function reset(working: Working, user: User, flags: ResetFlags): Promise<void> {
  const { ctx, out, loaded, command } = working
  // Before the question, with the command that helps instead.
  if (waitsForInvitation(user))
    throw CliFailure.refusal(
      'user.not_joined',
      `${printable(user.username)} has not accepted the invitation, so there is no second step to reset. Send another: ${command(`user invite ${user.id}`)}`,
    )
  const what = flags.password ? 'second step and password' : 'second step'
  const counts = countsOf(await enrolledFactors(ctx, user.subject))
  await confirmOr(
    working,
    `Reset the ${what} of ${printable(user.username)} (id ${user.id})? This removes ${removedFactors(counts)}.`,
  )
  const done = await resetSecondFactor(ctx, user, { reason: flags.reason, resetPassword: flags.password })
  if (out.form === 'json') return out.json(presentReset(loaded.config, done))
  const { invitation, enrolment } = done
  const url = linkAfterReset(loaded.config, done)
  if (flags.link) {
    out.line(url)
    return noteDefaultUrl(working)
  }
  out.done(`Reset the ${what} of ${printable(user.username)} and signed them out everywhere`)
  out.say(`  Removed ${removedFactors(done.removed)}`)
  if (invitation !== null) return printLink(working, { what: 'Reset link', url, expiresAt: invitation.expiresAt })
  // Without a password there is no link to print.
  if (done.user.hashedPassword === null)
    return out.warn(`  They have no password either. Invite them: ${command(`user invite ${user.id}`)}`)
  if (enrolment === null) return out.warn('  They are disabled and cannot sign in.')
  if (enrolment.mailed) out.say('  The link was also mailed to them.')
  out.say('  The link asks for their password, then they set up a new second step.')
  return printLink(working, { what: 'Enrolment link', url, expiresAt: enrolment.expiresAt })
}

/** The link to hand over; for a user whom no link would help, the sign-in page. */
function linkAfterReset(config: Config, { invitation, enrolment }: SecondFactorReset): string {
  if (invitation !== null) return invitationUrl(config, invitation.token)
  return enrolment === null ? `${config.publicUrl}/sign-in` : enrolmentLinkUrl(config, enrolment.token)
}

function removedFactors({ apps, passkeys, recoveryCodes }: FactorCounts): string {
  const counts = [counted(apps, 'authenticator app'), counted(passkeys, 'passkey')]
  return `${counts.join(', ')} and ${counted(recoveryCodes, 'recovery code')}`
}
