// Which notices the user gets: those of changes always, that of a new device by choice.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { WithSession } from '#foundation/context.ts'
import { loadOwnAccount, withOwnAccount } from '../own-account/own-account.service.ts'

type Deps = WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

export interface OwnNotices {
  /** Whether the user is notified of sign-ins from new devices. */
  readonly newDevice: boolean
}

/** Returns which notices the user can turn off, and has not. */
export async function ownNotices(ctx: WithSession<'db'>): Promise<OwnNotices> {
  const { newDeviceNoticesOffAt } = await loadOwnAccount(ctx)
  return { newDevice: newDeviceNoticesOffAt === null }
}

/** Turns the notice of a new device on or off. Idempotent. */
export function changeOwnNotices(ctx: Deps, { newDevice }: OwnNotices): Promise<OwnNotices> {
  return withOwnAccount(ctx, 'notices.changed', async (tx, user) => {
    if ((user.newDeviceNoticesOffAt === null) === newDevice) return { newDevice }
    await updateUser(tx, user, { newDeviceNoticesOffAt: newDevice ? null : tx.now })
    await recordEvent(tx, { action: 'notices.changed', target: user.subject, details: { new_device: newDevice } })
    return { newDevice }
  })
}
