// A check of a refusal that a service throws, for `assert.rejects`.
import { Refusal, type RefusalCode } from '#foundation/kernel/refusal.ts'

/** Whether an error is a refusal with this code. */
export const refusedWith =
  (code: RefusalCode) =>
  (error: unknown): boolean =>
    error instanceof Refusal && error.code === code
