// The bulk actions on users.

// In the order of the buttons: destructive actions come last.
export const BULK_ACTIONS = ['invite', 'enable', 'sign-out', 'disable'] as const
export type BulkAction = (typeof BULK_ACTIONS)[number]

/** Whether the action ends sessions, so that its button is marked as dangerous. */
export function takesAway(action: BulkAction): boolean {
  return action === 'disable' || action === 'sign-out'
}

/** Limit of users in one bulk action: each is a transaction of its own, and the response waits for all of them. */
export const MOST_AT_ONCE = 200
