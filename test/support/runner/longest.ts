// The files that take longest in each scope, the longest first: the runner starts them before all others, each in a process of its own. A whole
// run prints its slowest files; one that is not here and comes late keeps one core idle at the end.
import type { Scope } from './scope.ts'

const OF_ALL = [
  'test/browser/screens.test.ts',
  'test/attacks/app-races.test.ts',
  'test/browser/docs-page.test.ts',
  'test/attacks/interleavings-of-policies.test.ts',
  'test/attacks/interleavings-of-accounts.test.ts',
  'test/attacks/fail-closed.test.ts',
  'test/attacks/interleavings-of-factors.test.ts',
  'test/browser/flows.test.ts',
  'test/browser/modules-of-admin.test.ts',
  'test/attacks/pages-fuzz.test.ts',
  'test/attacks/interleavings-of-recovery.test.ts',
]

export const LONGEST: Readonly<Record<Scope, readonly string[]>> = {
  quick: [],
  rest: OF_ALL,
  all: OF_ALL,
  exhaustive: [
    'test/attacks/app-races.test.ts',
    'test/browser/screens.test.ts',
    'test/attacks/interleavings-of-registrations.test.ts',
    'test/attacks/interleavings-of-approvals.test.ts',
    'test/attacks/recovery-walk.test.ts',
    'test/attacks/interleavings-of-factors.test.ts',
    'test/attacks/interleavings-of-remembered-devices.test.ts',
    'test/attacks/lost-commits.test.ts',
    'test/attacks/interleavings-of-notices.test.ts',
    'test/attacks/crash-recovery.test.ts',
    'test/stories/company-of-200.test.ts',
  ],
}
