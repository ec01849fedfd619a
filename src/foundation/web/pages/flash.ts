// A message about what was just done, shown once by the page to which a form redirects. The URL names the sentence and a cookie confirms
// that it is true, so that a reload, a bookmark or a link from elsewhere shows nothing.
import type { FastifyReply } from 'fastify'

import { banner } from '../components/banner.ts'
import { clearDoneCookie, readDoneCookie, setDoneCookie } from '../http/cookies.ts'
import type { Html } from '../html.ts'

/**
 * Sets the flash cookie after a form: the page at `path` shows the sentence of its `?done=word` once, even if another page comes between.
 */
export function setFlash(reply: FastifyReply, path: string): FastifyReply {
  const word = new URL(path, 'http://doorward.invalid').searchParams.get('done')
  if (word !== null) setDoneCookie(reply, reply.request.ctx.config, word)
  return reply
}

/** The word that a form has left for this page; it is removed. */
export function readFlash(reply: FastifyReply): string | undefined {
  const { ctx, query } = reply.request
  const word = readDoneCookie(reply.request)
  if (word === undefined || (query as { readonly done?: unknown } | undefined)?.done !== word) return undefined
  clearDoneCookie(reply, ctx.config)
  return word
}

/** The banner for the word; undefined if there is no sentence for it. */
export function flashBanner(sentences: Readonly<Record<string, string>>, word: string | undefined): Html | undefined {
  const sentence = word !== undefined && Object.hasOwn(sentences, word) ? sentences[word] : undefined
  return sentence === undefined ? undefined : banner('ok', sentence)
}
