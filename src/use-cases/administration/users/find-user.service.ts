import { findUser, findUserById, findUserByName } from '#domain/users/user.service.ts'
import { foldName, type User, userIdIn } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { selectIdByEmail, selectNamesLike } from './find-user.view.ts'
import { similarNames } from './similar-names.ts'

export type Found =
  | { readonly user: User }
  /** Similar usernames, the nearest first. */
  | { readonly user: undefined; readonly suggestions: readonly string[] }

/**
 * Returns the user named by a subject, an id, a username or an email (verified or not), or else similar usernames. A subject has
 * priority: events refer to it, and a user could choose another user's subject as username (impersonation). Throws `user.ambiguous` if
 * the text is the id of one user and the username of another.
 */
export async function findUserBy(ctx: With<'db'>, word: string): Promise<Found> {
  const text = word.trim().toWellFormed().replaceAll('\0', '')
  const bySubject = isSubject(text) ? await findUser(ctx, text) : undefined
  if (bySubject !== undefined) return { user: bySubject }
  const id = userIdIn(text)
  const byId = id === undefined ? undefined : await findUserById(ctx, id)
  const byName = await findUserByName(ctx, text)
  if (byId !== undefined && byName !== undefined && byId.id !== byName.id) throw new Refusal('user.ambiguous')
  const user = byId ?? byName ?? (await findByEmail(ctx, text))
  return user === undefined ? { user, suggestions: await suggestionsFor(ctx, text) } : { user }
}

async function findByEmail(ctx: With<'db'>, text: string): Promise<User | undefined> {
  const id = text.includes('@') ? await selectIdByEmail(ctx.db, foldName(text)) : undefined
  return id === undefined ? undefined : findUserById(ctx, id)
}

/** Whether the text has the form of a subject, whether or not a user has it. */
export function isSubject(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}

// Only names with the same first character are compared: it is seldom mistyped, and the index keeps the query small.
async function suggestionsFor(ctx: With<'db'>, text: string): Promise<string[]> {
  const folded = foldName(text)
  const [first] = folded
  return first === undefined ? [] : similarNames(folded, await selectNamesLike(ctx.db, first))
}
