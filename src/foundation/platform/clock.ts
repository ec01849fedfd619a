import { CLOCK_TOLERANCE, type Duration, hours, type Instant, seconds } from '#foundation/kernel/time.ts'

/** A clock that is passed as a dependency, so that a test can set the time. */
export interface Clock {
  /** Never earlier than the previous result, unless the machine's clock jumped back by more than `CLOCK_TOLERANCE`. */
  now(): Instant
  /** What was observed of the machine's clock since this clock was created. */
  standing(): ClockStanding
  /** Calls `listen` for each later jump, synchronously in the call that detects it, until the returned function is called. */
  onJump(listen: (jump: Jump) => void): () => void
}

export interface ClockStanding {
  /** How far the machine's clock is ahead of `now`; more than `CLOCK_TOLERANCE` while a jump ahead is pending. */
  readonly ahead: Duration
  /** Monotonic time since the machine's clock last jumped; Infinity if it never has. */
  readonly steadyFor: Duration
}

/**
 * `ahead`: the machine's clock jumped ahead, and `now` continues as before · `followed`: the jump lasted for `FOLLOWED_AFTER`,
 * and `now` jumps ahead too · `withdrawn`: the jump was reversed before it was followed · `back`: the machine's clock jumped
 * back, and `now` with it.
 */
export type JumpKind = 'ahead' | 'followed' | 'withdrawn' | 'back'

export interface Jump {
  readonly kind: JumpKind
  /** By how much the machine's clock moved beyond the time that passed; for `followed` about as for `ahead`, for `withdrawn` its negative. */
  readonly by: Duration
  /** `now` after the jump. */
  readonly at: Instant
  /** Whether it reverses the jump of `now` before it, of about the same size and within `CORRECTED_WITHIN`: that jump was a mistake. */
  readonly corrects: boolean
}

/** The machine's clock, and the monotonic clock, which is never set and stops while the machine sleeps. */
export interface Reading {
  readonly wall: Instant
  readonly passed: Duration
}

/** A jump, and the value of `passed` when it was first observed. */
interface ObservedJump {
  readonly by: Duration
  readonly since: Duration
}

export interface ClockState {
  /** `now` with its fraction, at the last reading. */
  readonly at: number
  readonly passed: Duration
  readonly ahead: Duration
  /** The jump ahead that is not followed yet; replaced when its size changes by more than the tolerance. */
  readonly pending: ObservedJump | undefined
  /** The last jump that moved `now`, unless a later jump corrected it. */
  readonly uncorrected: ObservedJump | undefined
  /** The value of `passed` when the machine's clock last jumped. */
  readonly movedAt: Duration | undefined
}

/**
 * How long a jump ahead must last until `now` follows it: one TOTP period. A mistake that is corrected sooner changes nothing.
 * When a machine wakes from sleep, `now` is right again while a code generated at that moment is still accepted.
 */
export const FOLLOWED_AFTER: Duration = seconds(30)

/**
 * A jump that reverses another one within this time is a correction. The clock of a machine that slept jumps ahead too, and
 * rightly, so a jump back long after that is itself the mistake.
 */
export const CORRECTED_WITHIN: Duration = hours(1)

/** The state after the first reading. */
export function firstState({ wall, passed }: Reading): ClockState {
  return { at: wall, passed, ahead: 0, pending: undefined, uncorrected: undefined, movedAt: undefined }
}

/**
 * Returns the state after one more reading, and the jump that the reading shows, if any.
 *
 *     steady ──── ahead by more than the tolerance ───▶ pending
 *     pending ─── back within the tolerance ──────────▶ steady    (withdrawn: `now` never moved)
 *     pending ─── the same for FOLLOWED_AFTER ────────▶ steady    (followed: `now` jumps ahead)
 *     either ──── behind `now` by more than that ─────▶ steady    (back: `now` jumps back)
 *
 * Within the tolerance, `now` equals the machine's clock, but it stands still while that clock is behind it.
 */
export function nextState(state: ClockState, { wall, passed }: Reading): { state: ClockState; jump: Jump | undefined } {
  const estimate = state.at + (passed - state.passed)
  const ahead = wall - estimate
  const { pending } = state
  const jumped = (kind: JumpKind, by: Duration, at: number): { state: ClockState; jump: Jump } => ({
    state: { ...state, at, passed, ahead: wall - at, pending: undefined, movedAt: passed },
    jump: { kind, by: Math.round(by), at: Math.floor(at), corrects: false },
  })
  const movedNow = (kind: JumpKind, observed: ObservedJump): { state: ClockState; jump: Jump } => {
    const { state: after, jump } = jumped(kind, observed.by, wall)
    const corrects = isReversal(observed, state.uncorrected)
    return { state: { ...after, uncorrected: corrects ? undefined : observed }, jump: { ...jump, corrects } }
  }
  if (wall < state.at - CLOCK_TOLERANCE) return movedNow('back', { by: ahead, since: passed })
  if (ahead <= CLOCK_TOLERANCE) {
    const at = Math.max(state.at, wall)
    if (pending !== undefined) return jumped('withdrawn', -pending.by, at)
    return { state: { ...state, at, passed, ahead: 0 }, jump: undefined }
  }
  if (pending === undefined || Math.abs(ahead - pending.by) > CLOCK_TOLERANCE) {
    const { state: after, jump } = jumped('ahead', ahead, estimate)
    return { state: { ...after, pending: { by: ahead, since: passed } }, jump }
  }
  if (passed - pending.since >= FOLLOWED_AFTER) return movedNow('followed', { by: ahead, since: pending.since })
  return { state: { ...state, at: estimate, passed, ahead }, jump: undefined }
}

function isReversal(jump: ObservedJump, earlier: ObservedJump | undefined): boolean {
  if (earlier === undefined || jump.since - earlier.since > CORRECTED_WITHIN) return false
  return Math.abs(jump.by + earlier.by) <= CLOCK_TOLERANCE
}

/** The clock of this process. Each call reads the machine's clock, updates the state and notifies the listeners of a jump. */
export function systemClock(wall: () => Instant = Date.now, passed: () => Duration = () => performance.now()): Clock {
  const read = (): Reading => ({ wall: Math.floor(wall()), passed: passed() })
  let state = firstState(read())
  const listeners = new Set<(jump: Jump) => void>()
  const update = (): ClockState => {
    const next = nextState(state, read())
    state = next.state
    if (next.jump !== undefined) for (const listen of listeners) listen(next.jump)
    return state
  }
  return {
    now: () => Math.floor(update().at),
    standing() {
      const { ahead, movedAt, passed: readAt } = update()
      return { ahead, steadyFor: movedAt === undefined ? Infinity : readAt - movedAt }
    },
    onJump(listen) {
      listeners.add(listen)
      return () => void listeners.delete(listen)
    },
  }
}
