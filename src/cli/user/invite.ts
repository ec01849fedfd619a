import { invitationUrl } from '../../administration/invitations/invitation.ts'
import { inviteUser } from '../../administration/invitations/invitation.service.ts'
import { presentWithInvitation } from '../../administration/users/users.schema.ts'
import type { Duration } from '../../kernel/time.ts'
import type { CliCommand } from '../cli-command.ts'
import { printLink } from '../handed-link.ts'
import { withContext } from '../invocation.ts'
import type { Working } from '../invocation.ts'
import { readSpan } from '../moments.ts'
import { namedUser, USER_ARGUMENT } from '../named-user.ts'
import { printable } from '../output.ts'

interface Flags {
  readonly expires?: Duration
  readonly qr?: boolean
}

export function addUserInvite(parent: CliCommand): void {
  parent
    .command('invite')
    .description('make a new invitation link, which ends the ones before')
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
