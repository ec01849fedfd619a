// Adds the users of a list to a group: an entry that is refused does not stop the others.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { User } from '#domain/users/user.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { type AddedLine, LONGEST_WORD_SHOWN } from './added-members.ts'

/**
 * Adds the users whom the words name, one after the other; returns what came of each. Throws what is no `Refusal`.
 * @param add adds the user whom one word names, in a transaction of its own. `isNew` is false for a member
 */
export function addEach(
  words: readonly string[],
  add: (word: string) => Promise<{ readonly user: User; readonly isNew: boolean }>,
): Promise<AddedLine[]> {
  return Array.fromAsync(words, async (word, at) => {
    // Other requests are served between two entries: on SQLite the queries of a whole list would otherwise block the event loop.
    await nextTurn()
    const entry = { line: at + 1, word: word.slice(0, LONGEST_WORD_SHOWN) }
    return add(word).then(
      ({ user, isNew }): AddedLine => ({ ...entry, result: isNew ? 'added' : 'unchanged', user }),
      (refusal: unknown): AddedLine => {
        if (refusal instanceof Refusal)
          return { ...entry, result: refusal.kind === 'waiting' ? 'waiting' : 'refused', refusal }
        throw refusal
      },
    )
  })
}
