// The findings of the check-up about clocks.
// Tested in health.test.ts.
import { days, type Duration, type Instant, seconds } from '#foundation/kernel/time.ts'
import type { ClockJump } from '#foundation/platform/database/clock-jumps.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { type Finding, finding } from './finding.ts'

/** Clock skew above which the check fails: TOTP codes and lifetimes depend on this node's clock, and all nodes share the database's. */
export const WORST_SKEW = seconds(5)
export const WARNING_SKEW = seconds(1)

/** How long a clock jump is a warning; afterwards it is a note, until its row is deleted. */
const JUMP_WARNING = days(1)

interface ClockFacts {
  readonly database: { readonly kind: Dialect }
  readonly skew: Duration
  readonly clockJump: ClockJump | null
}

/** The skew between this node and the database, and the last jump of a clock. */
export function findingsAboutClock(facts: ClockFacts, now: Instant): Finding[] {
  return [clock(facts), clockJumps(facts, now)]
}

function clock({ database: { kind }, skew: span }: ClockFacts): Finding {
  if (kind === 'sqlite') return finding('ok', 'clock.own')
  if (Math.abs(span) <= WARNING_SKEW) return finding('ok', 'clock.agrees', { span })
  return finding(Math.abs(span) > WORST_SKEW ? 'failure' : 'warning', 'clock.differs', { span })
}

function clockJumps({ clockJump: jump }: ClockFacts, now: Instant): Finding {
  if (jump === null) return finding('ok', 'clock-jumps.none')
  const ago = Math.max(0, now - jump.at)
  const says = jump.movedBy > 0 ? 'clock-jumps.ahead' : 'clock-jumps.back'
  return finding(ago < JUMP_WARNING ? 'warning' : 'note', says, { span: Math.abs(jump.movedBy), ago })
}
