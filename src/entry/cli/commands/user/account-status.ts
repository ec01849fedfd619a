// Commands about the status of a user: disable, enable, delete, sign out, unlock.
import {
  deleteUser,
  disableUser,
  enableUser,
  signOutUser,
} from '../../../../use-cases/administration/account-status/account-status.service.ts'
import { unlockUser } from '../../../../use-cases/administration/credentials/credentials.service.ts'
import { presentUser } from '../../../../domain/users/user.schema.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { withContext } from '../../terminal/invocation.ts'
import type { Working } from '../../terminal/invocation.ts'
import { counted } from '../../terminal/list.ts'
import { namedUser, USER_ARGUMENT } from '../../terminal/user-argument.ts'
import { printable } from '../../terminal/output.ts'
import { confirmOr } from '../../terminal/prompt.ts'

export function addUserDisable(parent: CliCommand): void {
  withTargetUser(
    parent,
    'disable',
    'disable a user from their next request on: ends sessions, revokes API tokens, keeps the rest',
    disable,
  )
}

async function disable({ ctx, out }: Working, word: string): Promise<void> {
  const user = await disableUser(ctx, await namedUser(ctx, word))
  if (out.form === 'json') return out.json(presentUser(user))
  out.done(`Disabled ${printable(user.username)}`)
}

export function addUserEnable(parent: CliCommand): void {
  withTargetUser(parent, 'enable', 'let a disabled user sign in again', enable)
}

async function enable({ ctx, out }: Working, word: string): Promise<void> {
  const user = await enableUser(ctx, await namedUser(ctx, word))
  if (out.form === 'json') return out.json(presentUser(user))
  out.done(`Enabled ${printable(user.username)}`)
}

export function addUserDelete(parent: CliCommand): void {
  withTargetUser(
    parent,
    'delete',
    'delete a user with sessions and second step; the audit log stays (asks, or --yes)',
    remove,
  )
}

async function remove(working: Working, word: string): Promise<void> {
  const { ctx, out } = working
  const user = await namedUser(ctx, word)
  await confirmOr(working, `Delete ${printable(user.username)} (id ${user.id}) for good?`)
  await deleteUser(ctx, user)
  if (out.form === 'json') return out.json({ deleted: presentUser(user) })
  out.done(`Deleted ${printable(user.username)}`)
}

export function addUserSignOut(parent: CliCommand): void {
  withTargetUser(parent, 'sign-out', 'end every session of a user and revoke their API tokens', signOut)
}

async function signOut({ ctx, out }: Working, word: string): Promise<void> {
  const user = await namedUser(ctx, word)
  const ended = await signOutUser(ctx, user)
  if (out.form === 'json') return out.json({ ended })
  out.done(`Signed out ${printable(user.username)}: ${counted(ended, 'session')} ended`)
}

export function addUserUnlock(parent: CliCommand): void {
  withTargetUser(
    parent,
    'unlock',
    'reset the counters of wrong passwords and codes, so that a user can try again at once',
    unlock,
  )
}

async function unlock({ ctx, out }: Working, word: string): Promise<void> {
  const user = await namedUser(ctx, word)
  const resetCount = await unlockUser(ctx, user)
  if (out.form === 'json') return out.json({ opened: resetCount })
  out.done(`Unlocked ${printable(user.username)}: they can try again now`)
}

function withTargetUser(
  parent: CliCommand,
  name: string,
  description: string,
  work: (working: Working, word: string) => Promise<void>,
): void {
  parent
    .command(name)
    .description(description)
    .argument('<user>', USER_ARGUMENT)
    .withExamples(`user ${name} ada`)
    .action((word: string, _flags: object, command: CliCommand) =>
      withContext(command, (working) => work(working, word)),
    )
}
