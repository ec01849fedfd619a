// What has just been done, told by the page that a form leads to. The address names the sentence, a cookie says that it is so:
// a reload, a bookmark or somebody's link claims nothing.
import type { FastifyReply } from 'fastify'

import { banner } from '../components/banner.ts'
import { clearDoneCookie, readDoneCookie, setDoneCookie } from '../http/cookies.ts'
import type { Html } from '../html.ts'

/** After a form: the page at `path` tells once what its `?done=word` names, also where another one lies between. */
export function setFlash(reply: FastifyReply, path: string): FastifyReply {
  const word = new URL(path, 'http://doorward.invalid').searchParams.get('done')
  if (word !== null) setDoneCookie(reply, reply.request.ctx.config, word)
  return reply
}

/** The word that a form has left for this page; from now on it is told. */
export function readFlash(reply: FastifyReply): string | undefined {
  const { ctx, query } = reply.request
  const word = readDoneCookie(reply.request)
  if (word === undefined || (query as { readonly done?: unknown } | undefined)?.done !== word) return undefined
  clearDoneCookie(reply, ctx.config)
  return word
}

/** The sentence for it; a word without a sentence shows nothing. */
export function flashBanner(sentences: Readonly<Record<string, string>>, word: string | undefined): Html | undefined {
  const sentence = word !== undefined && Object.hasOwn(sentences, word) ? sentences[word] : undefined
  return sentence === undefined ? undefined : banner('ok', sentence)
}
