import type { With } from '../../foundation/context.ts'
import { actorOf } from '../../foundation/kernel/principal.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import { hashOf, newSecretToken } from '../../foundation/kernel/secret-token.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'
import { days } from '../../foundation/kernel/time.ts'
import type { Duration } from '../../foundation/kernel/time.ts'
import { consumeOnce } from '../../foundation/platform/database/consume-once.ts'
import { cutAhead } from '../../foundation/platform/database/cut-ahead.ts'
import { linkStatus } from './link.ts'
import type { Link, LinkPurpose } from './link.ts'
import { deleteExpiredLinkRows, deleteUnspentLinks, insertLink, selectLink } from './link.queries.ts'

const PREFIX = 'dwl_'
/** Links stay this long after their end, so that one that comes late is told "used" or "ran out", not "unknown". */
const KEPT_AFTER_END = days(30)

export interface NewLink {
  readonly purpose: LinkPurpose
  readonly subject: string | null
  readonly epoch: number
  readonly lifetime: Duration
}

export interface IssuedLink {
  readonly link: Link
  /** Shown to whoever will hand it over; only its hash is kept. */
  readonly token: Secret
}

/** Makes a single-use link. */
export async function issueLink(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'principal'>,
  wanted: NewLink,
): Promise<IssuedLink> {
  const token = newSecretToken(ctx.random, PREFIX)
  const link: Link = {
    id: ctx.newId(),
    purpose: wanted.purpose,
    subject: wanted.subject,
    epoch: wanted.epoch,
    createdBy: actorOf(ctx.principal),
    createdAt: ctx.now,
    expiresAt: ctx.now + wanted.lifetime,
    consumedAt: null,
  }
  await insertLink(ctx.db, link, hashOf(token))
  return { link, token }
}

/**
 * Reads a link that can still be followed; following is not spending. Refuses with `link.unknown`, `link.used` or
 * `link.expired`.
 */
export async function readLink(ctx: With<'db' | 'now'>, token: Secret, purpose: LinkPurpose): Promise<Link> {
  return requireLiveLink(await selectLink(ctx.db, hashOf(token), purpose), ctx.now)
}

/** A link whatever became of it, to say why it does not work; undefined when it is not known, or was withdrawn. */
export function findLink(ctx: With<'db'>, token: Secret, purpose: LinkPurpose): Promise<Link | undefined> {
  return selectLink(ctx.db, hashOf(token), purpose)
}

function requireLiveLink(link: Link | undefined, now: number): Link {
  if (link === undefined) throw new Refusal('link.unknown')
  const state = linkStatus(link, now)
  if (state === 'used') throw new Refusal('link.used')
  if (state === 'expired') throw new Refusal('link.expired')
  return link
}

/** Spends the link; false when somebody else did. */
export function spendLink(ctx: With<'db' | 'now'>, id: string): Promise<boolean> {
  return consumeOnce(ctx.db, 'link', id, ctx.now)
}

/** Takes back what was handed out for this purpose and user and not used yet. */
export function withdrawLinks(
  ctx: With<'db'>,
  { purpose, subject }: { purpose: LinkPurpose; subject: string | null },
): Promise<void> {
  return deleteUnspentLinks(ctx.db, purpose, subject)
}

/** Links made while a clock was ahead live as long as any other, from now on. */
export function clampLinkTimes(ctx: With<'db' | 'now'>): Promise<void> {
  return cutAhead(ctx.db, 'link', ctx.now)
}

/** Deletes links that ended a month ago. */
export function deleteExpiredLinks(ctx: With<'db' | 'now'>): Promise<void> {
  return deleteExpiredLinkRows(ctx.db, ctx.now - KEPT_AFTER_END)
}
