// What can be done to several users at once.

// As they stand beside each other: what takes something away comes last.
export const BULK_ACTIONS = ['invite', 'enable', 'sign-out', 'disable'] as const
export type BulkAction = (typeof BULK_ACTIONS)[number]

/** Whether somebody is thrown out by it. */
export function takesAway(action: BulkAction): boolean {
  return action === 'disable' || action === 'sign-out'
}

/** Each is a transaction of its own, and the person waits for all of them. */
export const MOST_AT_ONCE = 200
