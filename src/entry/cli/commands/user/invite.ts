import { invitationUrl } from '../../../../use-cases/administration/invitations/invitation.ts'
import { inviteUser } from '../../../../use-cases/administration/invitations/invitation.service.ts'
import { presentWithInvitation } from '../../../../use-cases/administration/invitations/invitation.schema.ts'
import type { Duration } from '../../../../foundation/kernel/time.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { printLink } from '../../terminal/link-output.ts'
import { withContext } from '../../terminal/invocation.ts'
import type { Working } from '../../terminal/invocation.ts'
import { readSpan } from '../../terminal/time-format.ts'
import { namedUser, USER_ARGUMENT } from '../../terminal/user-argument.ts'
import { printable } from '../../terminal/output.ts'

interface Flags {
  readonly expires?: Duration
  readonly qr?: boolean
}

export function addUserInvite(parent: CliCommand): void {
  parent
    .command('invite')
    .description('create a new invitation link, which replaces the previous ones')
    .argument('<user>', USER_ARGUMENT)
    .option('--expires <span>', 'how long it works, such as 24h', readSpan)
    .option('--qr', 'show it as a QR code too')
    .withExamples('user invite ada --qr', 'user invite ada --expires 24h --json')
    .action((word: string, flags: Flags, command: CliCommand) =>
      withContext(command, (working) => invite(working, word, flags)),
    )
}

async function invite({ ctx, out, loaded }: Working, word: string, flags: Flags): Promise<void> {
  const invited = await inviteUser(ctx, await namedUser(ctx, word), { lifetime: flags.expires })
  if (out.form === 'json') return out.json(presentWithInvitation(loaded.config, invited))
  const { user, invitation } = invited
  out.done(`Invited ${printable(user.username)}`)
  const { token, expiresAt } = invitation
  const link = { what: 'Invitation', url: invitationUrl(loaded.config, token), expiresAt }
  printLink({ out, loaded }, link, { qr: flags.qr ?? false })
}
