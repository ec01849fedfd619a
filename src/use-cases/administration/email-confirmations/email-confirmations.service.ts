// Asks users by mail to confirm their email. No admin marks an email as verified: apps rely on the confirmation of its owner.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { isMailOn } from '#domain/mail/mail.service.ts'
import { askToConfirm } from '#domain/notices/email-change.service.ts'
import { type HeldRole, mayManage } from '#domain/roles/role.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { actorOf, permissionsOf, type Principal } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { ASKED_LIFETIME, MOST_ASKED_AT_ONCE } from '#foundation/kernel/stated-limits.ts'
import { countUnconfirmed, selectUnconfirmed } from './unconfirmed.view.ts'

/** Users in one transaction, which on SQLite blocks all other writers. */
const BATCH = 50

/** Before the id of every user. */
const FIRST = -Number.MAX_SAFE_INTEGER

/** How many users have joined and have an email that they have not confirmed, besides the principal. */
export interface Unconfirmed {
  /** Users who can be asked now. */
  readonly due: number
  /** Users who were asked in the last 7 days, or have a link to confirm an email. */
  readonly asked: number
  /** Users with permissions that the principal lacks, who are not asked. */
  readonly beyondOwn: number
}

/** Counts the users who could be asked to confirm their email; changes nothing. */
export async function readUnconfirmed(ctx: With<'db' | 'now' | 'principal'>): Promise<Unconfirmed> {
  const found = await countUnconfirmed(ctx.db.forLongReads, aboutUsers(ctx))
  const within = found.filter((role) => isWithin(ctx.principal, role))
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
  const due = sum(within.map((role) => role.due))
  const asked = sum(within.map((role) => role.asked))
  return { due, asked, beyondOwn: sum(found.map((role) => role.due + role.asked)) - due - asked }
}

export interface AskedUsers {
  /** How many mails were queued. */
  readonly mailed: number
  /** Whether more users can be asked by another request. */
  readonly more: boolean
}

/**
 * Mails each user whose email is not confirmed a link that confirms it, once in 7 days at most. The users are found before each transaction,
 * since the search may visit all users, and looked up in it once more. Throws `mail.off`.
 */
export async function askForConfirmations(ctx: ChangeDeps): Promise<AskedUsers> {
  if (!isMailOn(ctx.config)) throw new Refusal('mail.off')
  let [mailed, after]: [number, number | undefined] = [0, FIRST]
  while (after !== undefined && mailed < MOST_ASKED_AT_ONCE) {
    const limit = Math.min(BATCH, MOST_ASKED_AT_ONCE - mailed)
    const found: User[] = await selectUnconfirmed(ctx.db.forLongReads, aboutUsers(ctx), { after, limit })
    mailed += await askBatch(ctx, found)
    after = found.length < limit ? undefined : found.at(-1)?.id
    await nextTurn()
  }
  return { mailed, more: after !== undefined }
}

/** Asks those of the users who can still be asked; returns how many. */
function askBatch(ctx: ChangeDeps, found: readonly User[]): Promise<number> {
  const among = found.filter((user) => isWithin(ctx.principal, user)).map(({ id }) => id)
  if (among.length === 0) return Promise.resolve(0)
  return auditedChange(ctx, {}, async (tx) => {
    let mailed = 0
    for (const user of await selectUnconfirmed(tx.db, aboutUsers(tx), { after: FIRST, limit: BATCH, among }))
      if (isWithin(tx.principal, user) && (await askToConfirm(tx, user))) mailed++
    return mailed
  })
}

function aboutUsers({ now, principal }: With<'now' | 'principal'>) {
  return { now, besides: actorOf(principal), askedBefore: now - ASKED_LIFETIME }
}

/** As with every act on another user, their permissions must be among those of the principal. */
function isWithin(principal: Principal, { rolePermissions }: Pick<HeldRole, 'rolePermissions'>): boolean {
  return mayManage(permissionsOf(principal), rolePermissions)
}
