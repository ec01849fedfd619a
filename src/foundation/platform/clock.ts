import { CLOCK_TOLERANCE, hours, seconds } from '../kernel/time.ts'
import type { Duration, Instant } from '../kernel/time.ts'

/** Tells the time; handed to whatever needs it, so that tests can move it. */
export interface Clock {
  /** Never earlier than the answer before it, unless the machine's clock jumped back by more than `CLOCK_TOLERANCE`. */
  now(): Instant
  /** How the machine's clock behaved since this one was made. */
  standing(): ClockStanding
  /** Calls `listen` for every jump from now on, within the call that found it, until the returned function is called. */
  onJump(listen: (jump: Jump) => void): () => void
}

export interface ClockStanding {
  /** How far the machine's clock is ahead of `now`; more than `CLOCK_TOLERANCE` while a jump ahead is not followed. */
  readonly ahead: Duration
  /** For how long it has not jumped, in time that passed; Infinity if it never did. */
  readonly steadyFor: Duration
}

/**
 * `ahead`: it jumped ahead, `now` goes on as before · `followed`: and stayed there, `now` is there too · `withdrawn`: it
 * came back before it was followed · `back`: it jumped back, `now` with it.
 */
export type JumpKind = 'ahead' | 'followed' | 'withdrawn' | 'back'

export interface Jump {
  readonly kind: JumpKind
  /** By how much the machine's clock moved beside the time that passed; `followed` and `withdrawn` repeat that of `ahead`. */
  readonly by: Duration
  /** `now` after it. */
  readonly at: Instant
  /** It took back about what the jump before it, not long ago, had moved `now` by: that one was the mistake. */
  readonly corrects: boolean
}

/** The machine's clock, and the time that passed, which is never set and stands still while the machine sleeps. */
export interface Reading {
  readonly wall: Instant
  readonly passed: Duration
}

/** A jump, and when it was first seen, on the clock of `passed`. */
interface Seen {
  readonly by: Duration
  readonly since: Duration
}

export interface ClockState {
  /** `now` with its fraction, at the last reading. */
  readonly at: number
  readonly passed: Duration
  readonly ahead: Duration
  /** The jump ahead that is not followed yet; anew where it grows. */
  readonly pending: Seen | undefined
  /** The last jump that moved `now`, if nothing has taken it back. */
  readonly uncorrected: Seen | undefined
  /** When the machine's clock last jumped, in terms of `passed`. */
  readonly movedAt: Duration | undefined
}

/**
 * How long a jump ahead must last to be followed: one period of a code. A mistake that is corrected sooner changes
 * nothing; a machine that slept is right again within a time for which its codes are accepted anyway.
 */
export const FOLLOWED_AFTER: Duration = seconds(30)

/**
 * How soon a jump is taken back where it was a mistake. A machine that slept jumps ahead, too, and rightly: a jump back long
 * after that is itself the mistake.
 */
export const CORRECTED_WITHIN: Duration = hours(1)

export function firstState({ wall, passed }: Reading): ClockState {
  return { at: wall, passed, ahead: 0, pending: undefined, uncorrected: undefined, movedAt: undefined }
}

/**
 * The state after one more reading, and the jump that it shows, if any.
 *
 *     steady ──── ahead by more than the tolerance ───▶ pending
 *     pending ─── back within the tolerance ──────────▶ steady    (withdrawn: `now` never moved)
 *     pending ─── the same for FOLLOWED_AFTER ────────▶ steady    (followed: `now` jumps ahead)
 *     either ──── behind `now` by more than it ───────▶ steady    (back: `now` jumps back)
 *
 * Within the tolerance `now` is the machine's clock, and stands still where that goes back.
 */
export function nextState(state: ClockState, { wall, passed }: Reading): { state: ClockState; jump: Jump | undefined } {
  const estimate = state.at + (passed - state.passed)
  const ahead = wall - estimate
  const { pending } = state
  const told = (kind: JumpKind, by: Duration, at: number): { state: ClockState; jump: Jump } => ({
    state: { ...state, at, passed, ahead: wall - at, pending: undefined, movedAt: passed },
    jump: { kind, by: Math.round(by), at: Math.floor(at), corrects: false },
  })
  const moved = (kind: JumpKind, seen: Seen): { state: ClockState; jump: Jump } => {
    const { state: there, jump } = told(kind, seen.by, wall)
    const corrects = takesBack(seen, state.uncorrected)
    return { state: { ...there, uncorrected: corrects ? undefined : seen }, jump: { ...jump, corrects } }
  }
  if (wall < state.at - CLOCK_TOLERANCE) return moved('back', { by: ahead, since: passed })
  if (ahead <= CLOCK_TOLERANCE) {
    const at = Math.max(state.at, wall)
    if (pending !== undefined) return told('withdrawn', -pending.by, at)
    return { state: { ...state, at, passed, ahead: 0 }, jump: undefined }
  }
  if (pending === undefined || Math.abs(ahead - pending.by) > CLOCK_TOLERANCE) {
    const { state: held, jump } = told('ahead', ahead, estimate)
    return { state: { ...held, pending: { by: ahead, since: passed } }, jump }
  }
  if (passed - pending.since >= FOLLOWED_AFTER) return moved('followed', { by: ahead, since: pending.since })
  return { state: { ...state, at: estimate, passed, ahead }, jump: undefined }
}

function takesBack(jump: Seen, earlier: Seen | undefined): boolean {
  if (earlier === undefined || jump.since - earlier.since > CORRECTED_WITHIN) return false
  return Math.abs(jump.by + earlier.by) <= CLOCK_TOLERANCE
}

/** The clock of this process, judged at each reading. */
export function systemClock(wall: () => Instant = Date.now, passed: () => Duration = () => performance.now()): Clock {
  const read = (): Reading => ({ wall: Math.floor(wall()), passed: passed() })
  let state = firstState(read())
  const listeners = new Set<(jump: Jump) => void>()
  const look = (): ClockState => {
    const next = nextState(state, read())
    state = next.state
    if (next.jump !== undefined) for (const listen of listeners) listen(next.jump)
    return state
  }
  return {
    now: () => Math.floor(look().at),
    standing() {
      const { ahead, movedAt, passed: upTo } = look()
      return { ahead, steadyFor: movedAt === undefined ? Infinity : upTo - movedAt }
    },
    onJump(listen) {
      listeners.add(listen)
      return () => void listeners.delete(listen)
    },
  }
}
