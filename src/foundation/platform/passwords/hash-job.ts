// What goes to the threads that hash, and what comes back.
import type { Duration } from '../../kernel/time.ts'
import type { DerivedHash } from './derived-hash.ts'

/** What a worker is asked to do; the passwords' bytes move to it and leave nothing here. */
export type HashJob =
  | {
      readonly kind: 'hash'
      readonly password: Uint8Array<ArrayBuffer>
      readonly memory: number
      readonly passes: number
    }
  | ({
      readonly kind: 'verify'
      /** Forms of the password, tried in this order. */
      readonly forms: readonly Uint8Array<ArrayBuffer>[]
    } & Comparable)

/** A stored hash as the worker takes it: the text for those that read it themselves. */
export type Comparable =
  | { readonly scheme: 'argon2' | 'bcrypt'; readonly stored: string }
  | { readonly scheme: 'scrypt' | 'pbkdf2'; readonly stored: DerivedHash }

export type HashOutcome =
  | { readonly kind: 'hashed'; readonly text: string }
  /** Which form matched, or null. */
  | { readonly kind: 'verified'; readonly form: number | null; readonly tried: number }
  | { readonly kind: 'failed'; readonly message: string }

/** What a worker says: that it can begin, and what came of each job in how many milliseconds of its thread. */
export type HashMessage = { readonly kind: 'ready' } | (HashOutcome & { readonly took: Duration })
