// Invites users again: one, or everyone with a status.
import { Option } from 'commander'

import { presentUser } from '#domain/users/user.schema.ts'
import type { User } from '#domain/users/user.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { presentMailed, presentWithInvitation } from '#use-cases/administration/invitations/invitation.schema.ts'
import { inviteUser, mailInvitation } from '#use-cases/administration/invitations/invitation.service.ts'
import {
  type Invitation,
  invitationUrl,
  type MailedInvitation,
} from '#use-cases/administration/invitations/invitation.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { readSpan } from '../../terminal/flag-values.ts'
import { namedUser, USER_ARGUMENT, withContext, type Working } from '../../terminal/invocation.ts'
import { printLink } from '../../terminal/link-output.ts'
import { momentForPeople } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { inviteAgain } from './invite-again.ts'

/** The statuses in which a user has no second factor. */
const INVITABLE = ['invited', 'no-factor'] as const

interface InviteFlags {
  readonly expires?: Duration
  readonly qr?: boolean
  readonly mail?: boolean
  readonly again?: boolean
  readonly status: (typeof INVITABLE)[number]
}

export function addUserInvite(parent: CliCommand): void {
  parent
    .command('invite')
    .description('create a new invitation link; replaces the old one')
    .argument('[user]', USER_ARGUMENT)
    .option('--again', 'for every user with a status, with a report per user (asks for confirmation)')
    .addOption(new Option('--status <status>', 'with --again: of these users').choices(INVITABLE).default('invited'))
    .option('--expires <span>', 'expires after, such as 24h', readSpan)
    .option('--mail', 'send it to their email address instead of printing it')
    .option('--qr', 'also show it as a QR code')
    .withExamples(
      'user invite ada --qr',
      'user invite ada --mail',
      'user invite ada --expires 24h --json',
      'user invite --again --status invited --mail',
    )
    .action(withContext(invite))
}

function invite(working: Working, word: string | undefined, flags: InviteFlags): Promise<void> {
  const { again, status, expires: lifetime, mail, qr } = flags
  if (again === true && word === undefined && !qr)
    return inviteAgain(working, { status, lifetime, mail: mail ?? false })
  if (again)
    throw CliFailure.usage('Use --again without a user and without --qr: it invites every user with the status.')
  if (word === undefined)
    throw CliFailure.usage('Name a user, or use --again for all who were invited and have not come.')
  return inviteOne(working, word, flags)
}

async function inviteOne(working: Working, word: string, flags: InviteFlags): Promise<void> {
  const { ctx, out, loaded } = working
  const user = await namedUser(ctx, word)
  if (flags.mail) return inviteByMail(working, user, flags)
  const invited = await inviteUser(ctx, user, { lifetime: flags.expires })
  if (out.form === 'json') return out.json(presentWithInvitation(loaded.config, invited))
  out.done(`Invited ${printable(invited.user.username)}`)
  printInvitation(working, invited.invitation, flags)
}

async function inviteByMail(working: Working, user: User, { expires, qr }: InviteFlags): Promise<void> {
  const { ctx, out } = working
  if (qr) throw CliFailure.usage('Use --mail or --qr: a link that is shown does not verify the email address')
  const { user: invited, mailed } = await mailInvitation(ctx, user, { lifetime: expires })
  if (out.form === 'json') return out.json({ user: presentUser(invited), invitation: presentMailed(mailed) })
  out.done(`Invited ${printable(invited.username)}`)
  sayMailed(working, mailed)
}

/** The link is printed nowhere, so that accepting it verifies the email. */
export function sayMailed({ out }: Pick<Working, 'out'>, { mailedTo, expiresAt }: MailedInvitation): void {
  out.say(
    `  The invitation is on its way to ${printable(mailedTo)}. It works once and expires ${momentForPeople(expiresAt)}.`,
  )
}

export function printInvitation(working: Working, { token, expiresAt }: Invitation, { qr }: { qr?: boolean }): void {
  printLink(working, { what: 'Invitation', url: invitationUrl(working.loaded.config, token), expiresAt }, qr)
}
