import { resetSecondFactor } from '../../../../use-cases/administration/credentials/credentials.service.ts'
import {
  countsOf,
  enrolledFactors,
} from '../../../../use-cases/administration/credentials/credentials-summary.service.ts'
import type { FactorCounts } from '../../../../use-cases/administration/credentials/credentials-summary.service.ts'
import { invitationUrl } from '../../../../use-cases/administration/invitations/invitation.ts'
import { presentReset } from '../../../../use-cases/administration/credentials/credentials.schema.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { noteAddress, printLink } from '../../terminal/link-output.ts'
import { withContext } from '../../terminal/invocation.ts'
import type { Working } from '../../terminal/invocation.ts'
import { counted } from '../../terminal/list.ts'
import { namedUser, USER_ARGUMENT } from '../../terminal/user-argument.ts'
import { printable } from '../../terminal/output.ts'
import { confirmOr } from '../../terminal/prompt.ts'

interface Flags {
  readonly link?: boolean
  readonly password?: boolean
  readonly reason?: string
}

export function addUserResetSecondFactor(parent: CliCommand): void {
  parent
    .command('reset-second-factor')
    .description(
      'remove the apps, passkeys and recovery codes of a user, end their sessions and revoke their API tokens; they set up a new second step at the next sign-in (asks, or --yes)',
    )
    .argument('<user>', USER_ARGUMENT)
    .option('--password', 'remove the password too, and create a one-time link to choose a new one')
    .option(
      '--link',
      'print only the URL at which they set it up again: the sign-in page, or with --password the one-time link',
    )
    .option('--reason <text>', 'why; goes to the audit log')
    .withExamples(
      'user reset-second-factor ada --reason "new phone, asked in person"',
      'user reset-second-factor ada --password --yes',
    )
    .action((word: string, flags: Flags, command: CliCommand) =>
      withContext(command, (working) => reset(working, word, flags)),
    )
}

async function reset(working: Working, word: string, flags: Flags): Promise<void> {
  const { ctx, out, loaded, command } = working
  const user = await namedUser(ctx, word)
  const what = flags.password ? 'Forget the second step and the password' : 'Forget the second step'
  const counts = countsOf(await enrolledFactors(ctx, user.subject))
  await confirmOr(
    working,
    `${what} of ${printable(user.username)} (id ${user.id})? This removes ${removedFactors(counts)}.`,
  )
  const done = await resetSecondFactor(ctx, user, { reason: flags.reason, resetPassword: flags.password })
  if (out.form === 'json') return out.json(presentReset(loaded.config, done))
  const { invitation } = done
  const url =
    invitation === null ? `${loaded.config.publicUrl}/sign-in` : invitationUrl(loaded.config, invitation.token)
  if (flags.link) {
    out.line(url)
    return noteAddress(working)
  }
  out.done(`Reset the second step of ${printable(user.username)}; signed out everywhere`)
  out.say(`  Removed ${removedFactors(done.removed)}`)
  if (invitation !== null) return printLink(working, { what: 'New start', url, expiresAt: invitation.expiresAt })
  // Without a password there is no link to print.
  if (done.user.hashedPassword === null)
    return out.warn(`  They have no password either. To let them in: ${command(`user invite ${user.id}`)}`)
  out.say('  With their password they sign in and set up a new second step:')
  out.line(url)
  noteAddress(working)
}

function removedFactors({ apps, passkeys, recoveryCodes }: FactorCounts): string {
  const counts = [counted(apps, 'authenticator app'), counted(passkeys, 'passkey')]
  return `${counts.join(', ')} and ${counted(recoveryCodes, 'recovery code')}`
}
