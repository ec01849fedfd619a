// Verifies the audit chain event by event, and classifies each break.
// Tested in verify.service.test.ts.
import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import {
  type ChainedEvent,
  type ChainEnd,
  type ChainKeys,
  detailsMatchDigest,
  EMPTY_CHAIN,
  isMoved,
  linkText,
  matchCore,
  matchEnding,
  matchMac,
} from './chain.ts'
import type { Checkpoint, Checkpoints } from './checkpoint.service.ts'

type ProblemKind =
  /** The event is not as it was written. */
  | 'edited'
  /** Chained events are missing. */
  | 'removed'
  /** The event stands at another position than it was chained at. */
  | 'reordered'
  /** The event is outside the chain: not at a whole number from 1 on, or at the position of another event. */
  | 'misplaced'
  /** The chain MACs were recomputed, with another key or over other events. */
  | 'recomputed'
  /** The log ends before the event of a checkpoint. */
  | 'cut-off'
  /** The erasable part was changed rather than erased, or erased in part only. */
  | 'details-altered'
  /** Not verifiable: the key is not in the keyring. */
  | 'unknown-key'

export interface AuditProblem {
  readonly kind: ProblemKind
  readonly position: number
  /** The id of the event at that position; null if there is none. */
  readonly id: string | null
  readonly sentence: string
  /** The time of the checkpoint that shows the problem; null if the log shows it without one. */
  readonly checkpointAt: Instant | null
}

export const MOST_PROBLEMS = 100

interface VerificationState {
  readonly keys: ChainKeys
  readonly compared: Checkpoints
  /** By position: after the restore of a backup, two chains may have checkpoints at the same position. */
  readonly checkpoints: ReadonlyMap<number, readonly Checkpoint[]>
  readonly problems: AuditProblem[]
  readonly unknownKeys: Set<string>
  checked: number
  end: ChainEnd
  /** Whether the chain MAC at `end` is the original one. */
  trusted: boolean
}

/** Returns a verification that reads the chain page by page, and compares it with checkpoints; keeps at most `MOST_PROBLEMS` problems. */
export function startVerification(keys: ChainKeys, compared: Checkpoints) {
  const state: VerificationState = {
    keys,
    compared,
    checkpoints: Map.groupBy(compared.checkpoints, ({ position }) => position),
    problems: [],
    unknownKeys: new Set(),
    checked: 0,
    end: EMPTY_CHAIN,
    trusted: true,
  }
  return {
    /** Verifies the next events, in the order of their positions. */
    read(page: readonly ChainedEvent[]): void {
      for (const event of page) verifyEvent(state, event, page)
    },
    /** Reports events outside the chain. */
    readOutside(events: readonly Pick<ChainedEvent, 'id' | 'position'>[]): void {
      for (const event of events) reportMisplaced(state, event)
    },
    finish(): { checked: number; problems: AuditProblem[] } {
      const { end, checked, problems } = state
      // The checkpoint with the highest position; of several, the one that was written first.
      const [furthest] = compared.checkpoints.toSorted((one, other) => other.position - one.position)
      if (furthest && furthest.position > end.position) {
        const of = `the checkpoint of ${toRfc3339(furthest.at)} in ${compared.path} is of event ${furthest.position}.`
        const sentence = `The log ends at event ${end.position}, but ${of}`
        report(state, { kind: 'cut-off', position: end.position + 1, sentence, checkpointAt: furthest.at })
      }
      if (compared.forged > 0) {
        const sentence = `${compared.forged} of the checkpoints in ${compared.path} were not written by this server.`
        report(state, { kind: 'edited', position: 0, sentence })
      }
      return { checked, problems }
    },
  }
}

function verifyEvent(state: VerificationState, event: ChainedEvent, page: readonly ChainedEvent[]): void {
  const { keys, end, problems } = state
  const position = event.position ?? 0
  const missing = position - end.position - 1
  if (missing < 0 || !Number.isInteger(position)) return reportMisplaced(state, event)
  if (missing > 0) {
    const first = end.position + 1
    const events = missing === 1 ? `Event ${first} is` : `Events ${first} to ${position - 1} are`
    report(state, { kind: 'removed', position: first, sentence: `${events} missing.` })
  }
  const follows = missing > 0 || !state.trusted || event.previous_mac === end.chainMac
  // Each event nearby costs two HMACs, which a full report does not need.
  const broken = classifyBreak(keys, event, problems.length < MOST_PROBLEMS ? page : [], { follows })
  if (broken) reportBroken(state, broken, event)
  else reportMismatch(state, event)
  state.end = { position, chainMac: event.chain_mac ?? '' }
  state.trusted = broken === undefined || broken === 'edited'
  state.checked += 1
}

/** Reported at its position in the log; a value that is not a number, possible on SQLite, is reported as 0. */
function reportMisplaced(state: VerificationState, { id, position }: Pick<ChainedEvent, 'id' | 'position'>): void {
  const reported = Number.isFinite(position) ? Number(position) : 0
  const sentence = `Event ${id} was inserted: it is outside the chain, or at the position of another event.`
  report(state, { kind: 'misplaced', position: reported, id, sentence })
  state.checked += 1
}

/** One unknown key is one problem, however many events were chained with it. */
function reportBroken(state: VerificationState, broken: keyof typeof SENTENCES, event: ChainedEvent): void {
  const keyId = broken === 'unknown-key' ? unknownKeyOf(state.keys, event) : undefined
  if (keyId !== undefined && state.unknownKeys.has(keyId)) return
  if (keyId !== undefined) state.unknownKeys.add(keyId)
  report(state, { kind: broken, position: event.position ?? 0, id: event.id, sentence: SENTENCES[broken] })
}

/** Reports an event whose MACs are right, if its details or a checkpoint do not match them. */
function reportMismatch(state: VerificationState, event: ChainedEvent): void {
  const { id } = event
  const position = event.position ?? 0
  if (!detailsMatchDigest(event))
    report(state, { kind: 'details-altered', position, id, sentence: SENTENCES['details-altered'] })
  const checkpoint = state.checkpoints.get(position)?.find(({ chainMac }) => chainMac !== event.chain_mac)
  if (checkpoint === undefined) return
  const of = `the checkpoint of ${toRfc3339(checkpoint.at)} in ${state.compared.path}`
  const sentence = `The chain MAC here is not that of ${of}: the chain was recomputed.`
  report(state, { kind: 'recomputed', position, id, sentence, checkpointAt: checkpoint.at })
}

type FoundProblem = Omit<AuditProblem, 'id' | 'checkpointAt'> & Partial<AuditProblem>

function report({ problems }: VerificationState, found: FoundProblem): void {
  if (problems.length < MOST_PROBLEMS) problems.push({ id: null, checkpointAt: null, ...found })
}

/** Returns the kind of problem with the MACs of one event; undefined if they are right. */
function classifyBreak(
  keys: ChainKeys,
  event: ChainedEvent,
  nearby: readonly ChainedEvent[],
  { follows }: { follows: boolean },
): 'edited' | 'reordered' | 'recomputed' | 'unknown-key' | undefined {
  const core = matchCore(keys, event)
  const link = matchMac(keys, event.chain_mac, linkText(event.position ?? 0, event.previous_mac ?? '', event.mac))
  const ending = matchEnding(keys, event)
  if ([core, link, ending].includes('unknown-key')) return 'unknown-key'
  if (core === 'right' && link === 'right' && ending === 'wrong') return 'edited'
  if (core === 'wrong') return link === 'right' ? 'edited' : 'recomputed'
  if (link === 'wrong') return isMoved(keys, event, nearby) ? 'reordered' : 'recomputed'
  return follows ? undefined : 'recomputed'
}

function unknownKeyOf(keys: ChainKeys, event: ChainedEvent): string {
  return matchCore(keys, event) === 'unknown-key' ? event.key_id : String(event.chain_mac).replace(/\.[^.]*$/u, '')
}

const SENTENCES = {
  edited: 'This event was edited.',
  reordered: 'This event was moved: it was chained at another position.',
  recomputed: 'The chain MAC here is not the original one: the chain was recomputed.',
  'details-altered': 'The details of this event or its address key were changed. Erasing both is allowed.',
  'unknown-key':
    'This event, and perhaps later ones, cannot be verified: the key that chained it is not in the keyring.',
} as const
