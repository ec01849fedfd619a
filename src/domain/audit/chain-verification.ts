// What a break in the chain means, event by event.
import { toRfc3339 } from '../../foundation/kernel/time.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import type { AuditHead, NotedHeads } from './checkpoint.service.ts'
import { detailsFit, EMPTY_CHAIN, linkText, matchCore, matchSeal, standsElsewhere } from './chain.ts'
import type { ChainEnd, SealedEvent, ChainKeys } from './chain.ts'

type ProblemKind =
  /** The event is not as it was written. */
  | 'edited'
  /** Events that were sealed are not there any more. */
  | 'removed'
  /** The event stands at another place than it was sealed at. */
  | 'reordered'
  /** The event stands where no sealer put one: not at a whole number from 1 on, or where another stands already. */
  | 'misplaced'
  /** The seals were made anew, with another key or over another past. */
  | 'recomputed'
  /** The log ends before an event that a noted head knows. */
  | 'cut-off'
  /** The erasable part was changed rather than erased, or erased in part only. */
  | 'details-altered'
  /** Nobody can tell: the key is not in the keyring. */
  | 'unknown-key'

export interface AuditProblem {
  readonly kind: ProblemKind
  /** Where in the chain. */
  readonly position: number
  /** The event there; null when there is none. */
  readonly id: string | null
  readonly sentence: string
  /** When the head was noted that shows it; null where the log shows it by itself. */
  readonly notedAt: Instant | null
}

export interface ChainVerification {
  /** The next events in the order of their positions. */
  read(page: readonly SealedEvent[]): void
  /** Events that stand outside the chain. */
  readStrays(strays: readonly Pick<SealedEvent, 'id' | 'position'>[]): void
  finish(): { checked: number; problems: AuditProblem[] }
}

export const MOST_PROBLEMS = 100

interface VerificationState {
  readonly sealing: ChainKeys
  readonly noted: NotedHeads
  /** Noted heads by position: after a backup was put back, two chains may have noted the same one. */
  readonly heads: ReadonlyMap<number, readonly AuditHead[]>
  readonly problems: AuditProblem[]
  readonly unknownKeys: Set<string>
  checked: number
  end: ChainEnd
  /** Whether the seal at `end` is the one that was made there. */
  trusted: boolean
}

export function startVerification(sealing: ChainKeys, noted: NotedHeads): ChainVerification {
  const course: VerificationState = {
    sealing,
    noted,
    heads: Map.groupBy(noted.heads, ({ position }) => position),
    problems: [],
    unknownKeys: new Set(),
    checked: 0,
    end: EMPTY_CHAIN,
    trusted: true,
  }
  return {
    read(page) {
      for (const event of page) verifyEvent(course, event, page)
    },
    readStrays(strays) {
      for (const stray of strays) reportMisplaced(course, stray)
    },
    finish() {
      const { end, checked, problems } = course
      const furthest = furthestOf(noted.heads)
      if (furthest && furthest.position > end.position) {
        const sentence = cutSentence(end.position, furthest, noted.path)
        report(course, { kind: 'cut-off', position: end.position + 1, sentence, notedAt: furthest.at })
      }
      if (noted.forged > 0) report(course, { kind: 'edited', position: 0, sentence: forgedSentence(noted) })
      return { checked, problems }
    },
  }
}

function verifyEvent(course: VerificationState, event: SealedEvent, page: readonly SealedEvent[]): void {
  const { sealing, end, problems } = course
  const position = event.position ?? 0
  const missing = position - end.position - 1
  if (missing < 0 || !Number.isInteger(position)) return reportMisplaced(course, event)
  if (missing > 0) {
    const first = end.position + 1
    report(course, { kind: 'removed', position: first, sentence: missingSentence(first, missing) })
  }
  const follows = missing > 0 || !course.trusted || event.previous === end.seal
  // Looking around costs two HMACs an event nearby; not for a report that is full.
  const broken = classifyBreak(sealing, event, problems.length < MOST_PROBLEMS ? page : [], { follows })
  if (broken) reportBroken(course, broken, event)
  else reportUnfit(course, event)
  course.end = { position, seal: event.seal ?? '' }
  course.trusted = broken === undefined || broken === 'edited'
  course.checked += 1
}

/** Its place in the report is that in the log; what is no number there, as can be on SQLite, counts as 0. */
function reportMisplaced(course: VerificationState, { id, position }: Pick<SealedEvent, 'id' | 'position'>): void {
  const place = Number.isFinite(position) ? Number(position) : 0
  report(course, { kind: 'misplaced', position: place, id, sentence: misplacedSentence(id) })
  course.checked += 1
}

/** One unknown key is one problem, however many events it sealed. */
function reportBroken(course: VerificationState, broken: keyof typeof SENTENCES, event: SealedEvent): void {
  const keyId = broken === 'unknown-key' ? unknownKeyOf(course.sealing, event) : undefined
  if (keyId !== undefined && course.unknownKeys.has(keyId)) return
  if (keyId !== undefined) course.unknownKeys.add(keyId)
  report(course, { kind: broken, position: event.position ?? 0, id: event.id, sentence: SENTENCES[broken] })
}

/** An event and seal that are right in themselves, but do not fit their details or a noted head. */
function reportUnfit(course: VerificationState, event: SealedEvent): void {
  const { id } = event
  const position = event.position ?? 0
  if (!detailsFit(event))
    report(course, { kind: 'details-altered', position, id, sentence: SENTENCES['details-altered'] })
  const head = course.heads.get(position)?.find(({ seal }) => seal !== event.seal)
  if (head === undefined) return
  const sentence = rewrittenSentence(head, course.noted.path)
  report(course, { kind: 'recomputed', position, id, sentence, notedAt: head.at })
}

type FoundProblem = Omit<AuditProblem, 'id' | 'notedAt'> & Partial<AuditProblem>

function report({ problems }: VerificationState, found: FoundProblem): void {
  if (problems.length < MOST_PROBLEMS) problems.push({ id: null, notedAt: null, ...found })
}

/** The head that knows most of the chain; of several, the one that was noted first. */
function furthestOf(heads: readonly AuditHead[]): AuditHead | undefined {
  return heads.toSorted((one, other) => other.position - one.position)[0]
}

/** What is wrong with one event and its seal, if anything. */
function classifyBreak(
  sealing: ChainKeys,
  event: SealedEvent,
  nearby: readonly SealedEvent[],
  { follows }: { follows: boolean },
): 'edited' | 'reordered' | 'recomputed' | 'unknown-key' | undefined {
  const core = matchCore(sealing, event)
  const seal = matchSeal(sealing, event.seal, linkText(event.position ?? 0, event.previous ?? '', event.mac))
  if (core === 'unknown-key' || seal === 'unknown-key') return 'unknown-key'
  if (core === 'wrong') return seal === 'right' ? 'edited' : 'recomputed'
  if (seal === 'wrong') return standsElsewhere(sealing, event, nearby) ? 'reordered' : 'recomputed'
  return follows ? undefined : 'recomputed'
}

function unknownKeyOf(sealing: ChainKeys, event: SealedEvent): string {
  return matchCore(sealing, event) === 'unknown-key' ? event.key_id : String(event.seal).replace(/\.[^.]*$/u, '')
}

const SENTENCES = {
  edited: 'This event is not as it was written.',
  reordered: 'This event does not stand where it was sealed.',
  recomputed: 'The seal here is not the one that was made: the chain was written anew.',
  'details-altered':
    'The details of this event, or the key of their address, were changed; erasing both would be fine.',
  'unknown-key': 'This and perhaps later events were sealed with a key that is not in the keyring, so nobody can tell.',
} as const

function misplacedSentence(id: string): string {
  return `Event ${id} stands where none was sealed, or where another stands already.`
}

function missingSentence(from: number, count: number): string {
  return count === 1 ? `Event ${from} is missing.` : `Events ${from} to ${from + count - 1} are missing.`
}

function cutSentence(last: number, { position, at }: AuditHead, path: string): string {
  return `The log ends at event ${last}, but event ${position} was noted in ${path} at ${toRfc3339(at)}.`
}

function rewrittenSentence({ at }: AuditHead, path: string): string {
  return `The seal here is not the one that was noted in ${path} at ${toRfc3339(at)}: the chain was written anew.`
}

function forgedSentence({ forged, path }: NotedHeads): string {
  return `${forged} of the heads noted in ${path} were not written by this server.`
}
