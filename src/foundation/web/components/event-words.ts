// What an event says, on a page.
import { eventSentence, type DescribedEvent, type Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'
import { withNames } from './person-name.ts'

/** The sentence of an event, or a phrase around it, in which the name of a group is isolated from the words. */
export function eventWords(say: Texts, event: DescribedEvent, phrase = (sentence: string): string => sentence): Html {
  const group = event.details?.['group']
  if (typeof group !== 'string') return html`${phrase(eventSentence(say, event))}`
  return withNames(
    (shown) => phrase(eventSentence(say, { ...event, details: { ...event.details, group: shown } })),
    group,
  )
}
