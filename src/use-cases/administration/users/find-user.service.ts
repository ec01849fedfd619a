import type { With } from '../../../foundation/context.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import { findUser, findUserById, findUserByName } from '../../../domain/users/user.service.ts'
import { foldName, userIdIn } from '../../../domain/users/user.ts'
import type { User } from '../../../domain/users/user.ts'
import { selectIdByEmail, selectNamesLike } from './find-user.view.ts'
import { similarNames } from './similar-names.ts'

export type Found =
  | { readonly user: User }
  /** Usernames somebody may have meant, the nearest first. */
  | { readonly user: undefined; readonly suggestions: readonly string[] }

/**
 * The user whom a word names: a subject, an id, a username or an address (confirmed or not). A subject comes first: it
 * stands in events, and anybody could be called by it. Refuses with `user.ambiguous` when it is the id of one and the
 * username of another.
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

/** Whether the word has the form of a subject, be it of somebody here, somebody deleted or nobody. */
export function isSubject(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}

// Few people mistype the first character, and it is what keeps the search small.
async function suggestionsFor(ctx: With<'db'>, text: string): Promise<string[]> {
  const folded = foldName(text)
  const [first] = folded
  return first === undefined ? [] : similarNames(folded, await selectNamesLike(ctx.db, first))
}
