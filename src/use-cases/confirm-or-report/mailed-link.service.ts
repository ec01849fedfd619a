// Reads the links of notices and of changes of an email, none of which opens a session.
import { consumeLink, readLink } from '#domain/links/link.service.ts'
import type { LinkPurpose } from '#domain/links/link.ts'
import { findUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'

export interface MailedLink {
  readonly id: string
  /** The user's credential epoch at the issue. */
  readonly epoch: number
  /** The subject of who issued it; null for the operator. */
  readonly createdBy: string | null
  /** The id of the notice or change that it answers. */
  readonly about: string
  readonly user: User
}

/** Returns a live link with its user; consumes nothing. Throws `link.unknown`, `link.used`, `link.expired`. */
export async function readMailedLink(
  ctx: With<'db' | 'now'>,
  token: Secret,
  purpose: LinkPurpose,
): Promise<MailedLink> {
  const { id, subject, epoch, createdBy, about } = await readLink(ctx, token, purpose)
  const user = subject === null ? undefined : await findUser(ctx, subject)
  if (user === undefined || about === null) throw new Refusal('link.unknown')
  return { id, epoch, createdBy, about, user }
}

/** Consumes the link in the transaction of what it does. Throws `link.used` if another request has consumed it. */
export async function consumeMailedLink(ctx: With<'db' | 'now'>, { id }: MailedLink): Promise<void> {
  if (!(await consumeLink(ctx, id))) throw new Refusal('link.used')
}
