// What is left to do when a key of the keyring is lost for good.
import { recordEvent } from '../audit/audit.service.ts'
import type { With } from '../context.ts'
import { dropTotpSealedBy, listTotp } from '../factors/totp/totp.service.ts'
import { changeUser, findUser } from '../users/user.service.ts'

type Powers = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'caller'>

/**
 * Drops every authenticator app that only these keys could open; whoever has none left is signed out and sets up a new
 * one at the next sign-in. How many people that were. Call it inside the transaction that forgets the keys.
 */
export async function dropSealedBy(ctx: Powers, keyIds: readonly string[]): Promise<number> {
  const subjects = new Set(await dropTotpSealedBy(ctx, keyIds))
  let left = 0
  for (const subject of subjects) if (await askAnew(ctx, subject)) left += 1
  await recordEvent(ctx, { action: 'key.forgotten', details: { keys: keyIds.join(' '), users: left } })
  return left
}

async function askAnew(ctx: Powers, subject: string): Promise<boolean> {
  const apps = await listTotp(ctx, subject)
  const user = await findUser(ctx, subject)
  if (user === undefined || user.secondFactorAt === null || apps.some(({ confirmedAt }) => confirmedAt !== null))
    return false
  await changeUser(ctx, user, { secondFactorAt: null })
  await recordEvent(ctx, {
    action: 'totp.reset',
    target: subject,
    reason: 'key_forgotten',
    details: { username: user.username },
  })
  return true
}
