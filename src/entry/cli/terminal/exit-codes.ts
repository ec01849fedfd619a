// The exit codes of the program; `help exit-codes` and docs/cli.md contain the table.
import type { RefusalKind } from '#foundation/kernel/refusal.ts'

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
  1: 'failed or cancelled, or a check found a problem',
  2: 'invalid usage or configuration',
  3: 'not found',
  4: 'conflict: already exists, last admin, or changed in the meantime',
  5: 'not allowed: wrong code or missing permission',
  6: 'a value is not valid',
  7: 'partial success, or warnings (doctor --strict)',
  8: 'unreachable, locked or timed out: try again',
  130: 'interrupted',
}

export const EXIT_OF_KIND: Readonly<Record<RefusalKind, ExitCode>> = {
  waiting: EXIT.conflict,
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
