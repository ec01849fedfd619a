// Whom an ending concerns: sessions at apps and users of apps, in batches, since the end of an app or of everyone concerns many.
import type { Ending } from '#domain/audit/ending.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import {
  type Concerned,
  deleteUsersOfApps,
  selectSessionsAtApps,
  selectUsersWithoutSession,
  updateTold,
} from './told-session.queries.ts'

/** One app that has to hear of the end of one session, or of all sessions of a user. */
export interface Recipient {
  readonly clientId: string
  readonly subject: string
  /** Null for all sessions of the user. */
  readonly sid: string | null
}

export interface RecipientBatch {
  readonly recipients: readonly Recipient[]
  /** Where the next batch goes on; null after the last one. */
  readonly resume: string | null
}

type Place = { readonly sessions: [string, string] | null } | { readonly users: [string, string] | null }

/**
 * Returns whom an ending concerns: the sessions at apps whose end was not told yet, the latest first, then those who have signed in to an app only by
 * sessions that ended before or are not known any more; and notes that the ends of these sessions are on the list.
 */
export async function recipientsOf(
  ctx: InTransaction<With<'db' | 'now'>>,
  ending: Ending,
  { resume, limit }: { readonly resume: string | null; readonly limit: number },
): Promise<RecipientBatch> {
  const concerned = concernedBy(ending)
  if (concerned === undefined) return { recipients: [], resume: null }
  const place = resume === null ? { sessions: null } : (JSON.parse(resume) as Place)
  const since = ending.at
  if ('users' in place) return usersIn(ctx, concerned, { since, after: place.users, limit })
  const sessions = await selectSessionsAtApps(ctx.db, concerned, { before: place.sessions, limit })
  await updateTold(ctx.db, sessions, ctx.now)
  const recipients = sessions.filter(({ uri }) => uri !== null)
  const last = sessions.at(-1)
  if (sessions.length === limit && last !== undefined)
    return { recipients, resume: JSON.stringify({ sessions: [last.sessionId, last.clientId] }) }
  if (!concerned.isOfUsers) return { recipients, resume: null }
  const users = await usersIn(ctx, concerned, { since, after: null, limit })
  return { recipients: [...recipients, ...users.recipients], resume: users.resume }
}

async function usersIn(
  { db }: With<'db'>,
  concerned: Concerned,
  batch: { readonly since: Instant; readonly after: [string, string] | null; readonly limit: number },
): Promise<RecipientBatch> {
  const recipients = await selectUsersWithoutSession(db, concerned, batch)
  const last = recipients.at(-1)
  const isLast = recipients.length < batch.limit || last === undefined
  return { recipients, resume: isLast ? null : JSON.stringify({ users: [last.clientId, last.subject] }) }
}

/** An app that has revoked a token itself knows that it has. What one session had at an app is told by the id of that session alone. */
function concernedBy(ending: Ending): (Concerned & { readonly isOfUsers: boolean }) | undefined {
  const { kind, action } = ending
  const subject = ending.subject ?? undefined
  const sessionId = ending.sessionId ?? undefined
  const clientId = ending.clientId ?? undefined
  if (action === 'app.token_revoked') return undefined
  if (kind === 'everyone') return { onlyEnded: true, isOfUsers: true }
  if (kind === 'client') return clientId === undefined ? undefined : { clientId, isOfUsers: true }
  if (subject === undefined) return undefined
  if (kind === 'session') return sessionId === undefined ? undefined : { subject, sessionId, isOfUsers: false }
  if (kind === 'grant') return { subject, clientId, sessionId, isOfUsers: sessionId === undefined }
  // Its rows are deleted after this, in the same transaction.
  if (action === 'user.deleted') return { subject, isOfUsers: true }
  // Time has ended an expired account: nothing in its rows says so.
  return { subject, onlyEnded: action !== 'user.expired', isOfUsers: true }
}

/** Forgets to which apps a user who is deleted has signed in, or who has signed in to an app that is deleted. */
export function forgetUsersOfApps(
  { db }: With<'db'>,
  of: { readonly clientId: string } | { readonly subject: string },
): Promise<void> {
  return deleteUsersOfApps(db, of)
}
