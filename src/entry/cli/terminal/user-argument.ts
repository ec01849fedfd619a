import { findUserBy } from '../../../use-cases/administration/users/find-user.service.ts'
import type { With } from '../../../foundation/context.ts'
import type { User } from '../../../domain/users/user.ts'
import { CliFailure } from './failure.ts'
import { printable } from './output.ts'

export const USER_ARGUMENT = 'id, username, email address or subject'

/** The user that the word identifies. Throws `user.not_found` with similar names as suggestions. */
export async function namedUser(ctx: With<'db'>, word: string): Promise<User> {
  const found = await findUserBy(ctx, word)
  if (found.user !== undefined) return found.user
  const names = found.suggestions.map((name) => `"${name}"`).join(' or ')
  const meant = names === '' ? '' : ` Did you mean ${names}?`
  throw CliFailure.refusal('user.not_found', `No user "${printable(word)}".${meant}`)
}
