import { Option } from 'commander'

import { changeUser } from '../../../../use-cases/administration/users/change-user.service.ts'
import { ROLES } from '../../../../foundation/kernel/principal.ts'
import type { Role } from '../../../../foundation/kernel/principal.ts'
import { presentUser } from '../../../../domain/users/user.schema.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { withContext } from '../../terminal/invocation.ts'
import type { Working } from '../../terminal/invocation.ts'
import { namedUser, USER_ARGUMENT } from '../../terminal/user-argument.ts'
import { printable } from '../../terminal/output.ts'

interface Flags {
  readonly username?: string
  readonly email?: string
  readonly fullName?: string
  readonly role?: Role
}

export function addUserUpdate(parent: CliCommand): void {
  parent
    .command('update')
    .description('change a user; an empty email or name removes it')
    .argument('<user>', USER_ARGUMENT)
    .option('--username <name>', 'new username')
    .option('--email <address>', 'new email address, unconfirmed until its owner confirms it')
    .option('--full-name <name>', 'new full name')
    .addOption(new Option('--role <role>', 'new role; ends their sessions').choices(ROLES))
    .withExamples('user update ada --email ada@example.org', 'user update grace --role admin')
    .action((word: string, flags: Flags, command: CliCommand) =>
      withContext(command, (working) => update(working, word, flags)),
    )
}

async function update({ ctx, out }: Working, word: string, flags: Flags): Promise<void> {
  const { username, role } = flags
  if (Object.keys(flags).length === 0)
    throw CliFailure.usage('Say what to change: --username, --email, --full-name or --role')
  const user = await namedUser(ctx, word)
  const wanted = { username, role, email: orRemoved(flags.email), fullName: orRemoved(flags.fullName) }
  const changed = await changeUser(ctx, user, wanted)
  if (out.form === 'json') return out.json(presentUser(changed))
  if (changed.revision === user.revision) return out.say(`Nothing to change for ${printable(user.username)}`)
  out.done(`Changed ${printable(changed.username)}`)
}

function orRemoved(text: string | undefined): string | null | undefined {
  return text === '' ? null : text
}
