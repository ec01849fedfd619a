// A message about what was just done, shown once by the page to which a form redirects. The URL names the sentence and a cookie confirms
// that it is true, so that a reload, a bookmark or a link from elsewhere shows nothing.
import type { FastifyReply } from 'fastify'

import { toRfc3339 } from '#foundation/kernel/time.ts'
import { timeOfDay } from '#foundation/texts/day-and-time.ts'
import { sentenceFor, type Texts } from '#foundation/texts/texts.ts'
import { openingDoor } from '../components/drawing.ts'
import { exactly } from '../components/moments.ts'
import { type Html, html } from '../html.ts'
import { clearPageCookie, readPageCookie, setPageCookie } from '../http/cookies.ts'
import { fieldIn, safePath } from '../http/redirect.ts'

/**
 * Sets the flash cookie: the page at `path` shows the sentence of its `?done=word` once, even if another page comes between. The name of whom
 * it is about is in the cookie only, because URLs stay in histories and logs.
 */
export function setFlash(reply: FastifyReply, path: string, name = ''): FastifyReply {
  const word = new URL(path, 'http://doorward.invalid').searchParams.get('done')
  // A name may have characters that no cookie has.
  const named = name === '' ? '' : `.${Buffer.from(name).toString('base64url')}`
  if (word !== null) setPageCookie(reply, 'done', word + named)
  return reply
}

/** The word that a form has left for this page; it is removed. */
export function readFlash(reply: FastifyReply): string | undefined {
  return readNamedFlash(reply).word
}

/** The word that a form has left for this page, and the name with it, which is empty where there is none; both are removed. */
export function readNamedFlash(reply: FastifyReply): { readonly word: string | undefined; readonly name: string } {
  const [word, name = ''] = readPageCookie(reply.request, 'done')?.split('.') ?? []
  if (word === undefined || fieldIn(reply.request.query, 'done') !== word) return { word: undefined, name: '' }
  clearPageCookie(reply, 'done')
  return { word, name: Buffer.from(name, 'base64url').toString() }
}

export function flashSentence(
  sentences: Readonly<Record<string, string>>,
  word: string | undefined,
): string | undefined {
  return word === undefined ? undefined : sentenceFor(sentences, word)
}

const CONFIRMED = 'confirmed'

/** The path of the same page without the message; `/` for a request target that is no URL, such as `//`. */
export function pathWithoutFlash(url: string): string {
  const parsed = URL.parse(url, 'http://host.invalid')
  if (parsed === null) return '/'
  const { pathname, searchParams } = parsed
  searchParams.delete('done')
  const query = searchParams.toString()
  return safePath(query === '' ? pathname : `${pathname}?${query}`) ?? '/'
}

/** The path to return to after a re-authentication, with the parameter that shows until when it counts. */
export function redirectAfterReauthentication(path: string): string {
  const url = new URL(path, 'http://host.invalid')
  url.searchParams.set('done', CONFIRMED)
  return safePath(`${url.pathname}${url.search}${url.hash}`) ?? path
}

/** What every page can say: that the user's set-up is finished, that a change waits for a second admin, or until when a re-authentication counts; undefined otherwise. */
export function reauthenticatedSentence(say: Texts, reply: FastifyReply): Html | string | undefined {
  const done = fieldIn(reply.request.query, 'done')
  // The session itself decides whether the sentence is true, also after a reload.
  if (done === CONFIRMED) return confirmedSentence(say, reply)
  if (done === 'asked') return flashSentence({ asked: say.approvals.askedOnly }, readFlash(reply))
  if (typeof done !== 'string' || !Object.hasOwn(say.account.set, done)) return undefined
  const finished = flashSentence(say.account.set, readFlash(reply))
  return finished === undefined ? undefined : html`${openingDoor()}${finished}`
}

/** `Confirmed until 14:32`; undefined when that time is over. */
function confirmedSentence(say: Texts, { request }: FastifyReply): Html | undefined {
  const { principal, now } = request.ctx
  if (principal.kind !== 'session') return undefined
  const until = principal.session.authenticatedAt + principal.terms.reauthentication
  if (until < now) return undefined
  const { timeZone } = principal.user
  return html`${say.confirm.until}
    <time datetime="${toRfc3339(until)}" title="${exactly({ say, timeZone }, until)}"
      >${timeOfDay({ say, timeZone }, until)}</time
    >.`
}
