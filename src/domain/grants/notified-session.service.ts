// Who has to hear of an ending: sessions at apps and users of apps, in batches, since the end of an app or of everyone ends many.
import type { Ending } from '#domain/audit/ending.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import {
  type EndedFor,
  deleteUsersOfApps,
  selectSessionsAtApps,
  selectUsersWithoutSession,
  markNotified,
} from './notified-session.queries.ts'

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

type Batch = { readonly sessions: [string, string] | null } | { readonly users: [string, string] | null }

/**
 * Returns who has to hear of an ending: the sessions at apps whose end was not queued yet, the latest first, then those who have signed in to an app only by
 * sessions that ended before or are not known any more; and notes that the ends of these sessions are on the list.
 */
export async function recipientsOf(
  ctx: InTransaction<With<'db' | 'now'>>,
  ending: Ending,
  { resume, limit }: { readonly resume: string | null; readonly limit: number },
): Promise<RecipientBatch> {
  const ended = endedBy(ending)
  if (ended === undefined) return { recipients: [], resume: null }
  const batch = resume === null ? { sessions: null } : (JSON.parse(resume) as Batch)
  if ('users' in batch) return usersIn(ctx, ended, { after: batch.users, limit })
  const sessions = await selectSessionsAtApps(ctx.db, ended, { before: batch.sessions, limit })
  await markNotified(ctx.db, sessions, ctx.now)
  const recipients = sessions.filter(({ uri }) => uri !== null)
  const last = sessions.at(-1)
  if (sessions.length === limit && last !== undefined)
    return { recipients, resume: JSON.stringify({ sessions: [last.sessionId, last.clientId] }) }
  if (!ended.isOfUsers) return { recipients, resume: null }
  const users = await usersIn(ctx, ended, { after: null, limit })
  return { recipients: [...recipients, ...users.recipients], resume: users.resume }
}

async function usersIn(
  { db }: With<'db'>,
  ended: EndedFor,
  batch: { readonly after: [string, string] | null; readonly limit: number },
): Promise<RecipientBatch> {
  const recipients = await selectUsersWithoutSession(db, ended, batch)
  const last = recipients.at(-1)
  const isLast = recipients.length < batch.limit || last === undefined
  return { recipients, resume: isLast ? null : JSON.stringify({ users: [last.clientId, last.subject] }) }
}

/** An app that has revoked a token itself knows that it has. What one session had at an app is named by the id of that session alone. */
function endedBy(ending: Ending): (EndedFor & { readonly isOfUsers: boolean }) | undefined {
  const { at, kind, action } = ending
  const subject = ending.subject ?? undefined
  const sessionId = ending.sessionId ?? undefined
  const clientId = ending.clientId ?? undefined
  if (action === 'app.token_revoked') return undefined
  if (kind === 'everyone') return { at, onlyEnded: true, isOfUsers: true }
  if (kind === 'client') return clientId === undefined ? undefined : { at, clientId, isOfUsers: true }
  if (subject === undefined) return undefined
  if (kind === 'session') return sessionId === undefined ? undefined : { at, subject, sessionId, isOfUsers: false }
  if (kind === 'grant') return { at, subject, clientId, sessionId, isOfUsers: sessionId === undefined }
  // Its rows are deleted after this, in the same transaction.
  if (action === 'user.deleted') return { at, subject, isOfUsers: true }
  // Time has ended an expired account: nothing in its rows says so.
  return { at, subject, onlyEnded: action !== 'user.expired', isOfUsers: true }
}

/** Forgets to which apps a user who is deleted has signed in, or who has signed in to an app that is deleted. */
export function forgetUsersOfApps(
  { db }: With<'db'>,
  of: { readonly clientId: string } | { readonly subject: string },
): Promise<void> {
  return deleteUsersOfApps(db, of)
}
