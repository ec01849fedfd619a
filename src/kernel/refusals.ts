import { REFUSALS_OF_ACCOUNTS } from './refusals-of-accounts.ts'
import { REFUSALS_OF_REQUESTS } from './refusals-of-requests.ts'
import { REFUSALS_OF_SIGN_INS } from './refusals-of-sign-ins.ts'

export type { RefusalKind } from './refusal-entry.ts'

/** Every way Doorward says no. The true reason of a failed sign-in is in the audit log only. */
export const REFUSALS = { ...REFUSALS_OF_REQUESTS, ...REFUSALS_OF_SIGN_INS, ...REFUSALS_OF_ACCOUNTS } as const

export type RefusalCode = keyof typeof REFUSALS
