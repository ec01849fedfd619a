import {
  requireValidPassword,
  setPassword,
} from '../../../../use-cases/administration/credentials/credentials.service.ts'
import { presentUser } from '../../../../domain/users/user.schema.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { withContext } from '../../terminal/invocation.ts'
import type { Working } from '../../terminal/invocation.ts'
import { namedUser, USER_ARGUMENT } from '../../terminal/user-argument.ts'
import { printable } from '../../terminal/output.ts'
import { addPasswordFlags, readPassword } from '../../terminal/password-input.ts'
import type { PasswordFlags } from '../../terminal/password-input.ts'

interface Flags extends PasswordFlags {
  readonly mustChange?: boolean
  readonly keepSessions?: boolean
}

export function addUserSetPassword(parent: CliCommand): void {
  const command = parent
    .command('set-password')
    .description(
      'give a user another password, end their sessions and revoke their API tokens; their second step stays',
    )
    .argument('<user>', USER_ARGUMENT)
  addPasswordFlags(command)
    .option('--must-change', 'require another one at their next sign-in')
    .option('--keep-sessions', 'leave them signed in where they are, and their API tokens as they are')
    .withExamples('user set-password ada', 'user set-password ada --password-file new-password.txt --must-change')
    .action((word: string, flags: Flags, self: CliCommand) => withContext(self, (working) => set(working, word, flags)))
}

async function set(working: Working, word: string, flags: Flags): Promise<void> {
  const { ctx, out } = working
  const user = await namedUser(ctx, word)
  const password = await readPassword(flags, working, (typed) => requireValidPassword(ctx, user, typed))
  const changed = await setPassword(ctx, user, password, flags)
  if (out.form === 'json') return out.json(presentUser(changed))
  const sessions = flags.keepSessions ? 'sessions go on' : 'signed out everywhere'
  out.done(`Set the password of ${printable(changed.username)}; ${sessions}`)
}
