import type { Html } from '../html.ts'
import { banner } from './banner.ts'

/**
 * What has just been done, after the redirect that follows a form: `?done=word` chooses one of the sentences. The address
 * only chooses; a word without a sentence shows nothing.
 * @param query the request's query as it was parsed
 */
export function doneBanner(sentences: Readonly<Record<string, string>>, query: unknown): Html | undefined {
  const done = doneIn(query)
  const sentence = typeof done === 'string' && Object.hasOwn(sentences, done) ? sentences[done] : undefined
  return sentence === undefined ? undefined : banner('ok', sentence)
}

/** Whether it is this that has just been done, as the address says. */
export function isDone(query: unknown, word: string): boolean {
  return doneIn(query) === word
}

function doneIn(query: unknown): unknown {
  return typeof query === 'object' && query !== null && 'done' in query ? query.done : undefined
}
