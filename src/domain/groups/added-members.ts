// What came of each line of a list of users who are to be added to a group.
// Tested in test/stories/groups.test.ts.
import type { Refusal } from '#foundation/kernel/refusal.ts'

export type AddedLine = { readonly line: number; readonly word: string } & (
  | { readonly result: 'added' | 'unchanged'; readonly user: { readonly id: number; readonly username: string } }
  /** Waiting: it was asked for, and a second admin must approve it. */
  | { readonly result: 'refused' | 'waiting'; readonly refusal: Refusal }
)

/** A report repeats so much of a line, which may be anything. */
export const LONGEST_WORD_SHOWN = 254
