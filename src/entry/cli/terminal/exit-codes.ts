// What the program's exit code says; `help exit-codes` and docs/cli.md have the table.
import type { RefusalKind } from '../../../foundation/kernel/refusal.ts'

export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  missing: 3,
  conflict: 4,
  notAllowed: 5,
  notValid: 6,
  partialSuccess: 7,
  unreachable: 8,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'failed, not confirmed, or a check found something',
  2: 'the command line or the configuration is not right',
  3: 'not found',
  4: 'conflict: exists already, last admin, or changed meanwhile',
  5: 'not allowed: wrong code or missing right',
  6: 'a value is not as wanted',
  7: 'done in part, or there are warnings (doctor --strict)',
  8: 'not reachable, locked or timed out: try again',
  130: 'interrupted',
}

/** The exit code for each kind of refusal. */
export const EXIT_OF_KIND: Readonly<Record<RefusalKind, ExitCode>> = {
  malformed: EXIT.notValid,
  invalid: EXIT.notValid,
  unauthenticated: EXIT.notAllowed,
  reauthentication: EXIT.notAllowed,
  forbidden: EXIT.notAllowed,
  missing: EXIT.missing,
  method: EXIT.usage,
  conflict: EXIT.conflict,
  stale: EXIT.conflict,
  'too-large': EXIT.notValid,
  'media-type': EXIT.notValid,
  throttled: EXIT.unreachable,
  unavailable: EXIT.unreachable,
}
