// Messages to and from the threads that hash.
import type { Duration } from '#foundation/kernel/time.ts'
import type { DerivedHash } from './derived-hash.ts'

/** A job for a worker. The bytes of the passwords are transferred, so that no copy stays in this thread. */
export type HashJob =
  | {
      readonly kind: 'hash'
      readonly password: Uint8Array<ArrayBuffer>
      readonly memory: number
      readonly passes: number
    }
  | ({
      readonly kind: 'verify'
      /** Unicode forms of the password, verified in this order. */
      readonly forms: readonly Uint8Array<ArrayBuffer>[]
    } & Comparable)

/** A stored hash for the worker: as text for the schemes whose library parses it. */
export type Comparable =
  | { readonly scheme: 'argon2' | 'bcrypt'; readonly stored: string }
  | { readonly scheme: 'scrypt' | 'pbkdf2'; readonly stored: DerivedHash }

export type HashOutcome =
  | { readonly kind: 'hashed'; readonly text: string }
  /** The index of the form that matched, or null, and how many forms were verified. */
  | { readonly kind: 'verified'; readonly form: number | null; readonly tried: number }
  | { readonly kind: 'failed'; readonly message: string }

/** A message of a worker: that it is ready, or the outcome of a job with its duration in the thread. */
export type HashMessage = { readonly kind: 'ready' } | (HashOutcome & { readonly took: Duration })
