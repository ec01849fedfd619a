import type { Texts } from './texts.ts'
import type { ToldEvent } from './english/events.ts'

export interface TellableEvent {
  readonly action: string
  readonly result: string
  readonly details: ToldEvent['details'] | null
}

/** What happened, in words; an action of a newer program is shown by its name. */
export function eventSentence({ events }: Texts, { action, result, details }: TellableEvent): string {
  const sentences: Readonly<Record<string, (event: ToldEvent) => string>> = events.sentences
  const sentence = Object.hasOwn(sentences, action) ? sentences[action] : undefined
  return sentence?.({ refused: result === 'refused', details: details ?? {} }) ?? action
}

/** The same where it stands by itself, as sentences do. */
export function standaloneReason(say: Texts, reason: string | null): string | undefined {
  const words = eventReason(say, reason)
  return words && words.charAt(0).toLocaleUpperCase(say.language) + words.slice(1)
}

/** Why it was refused, or why it happened, in the middle of a sentence; undefined where no sentence says so. */
export function eventReason({ events }: Texts, reason: string | null): string | undefined {
  const reasons: Readonly<Record<string, string>> = events.reasons
  return reason !== null && Object.hasOwn(reasons, reason) ? reasons[reason] : undefined
}
