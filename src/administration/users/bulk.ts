// What can be done to several users at once.

export const BULK_ACTIONS = ['disable', 'enable', 'sign-out', 'invite'] as const
export type BulkAction = (typeof BULK_ACTIONS)[number]

/** Each is a transaction of its own, and the person waits for all of them. */
export const MOST_AT_ONCE = 200
