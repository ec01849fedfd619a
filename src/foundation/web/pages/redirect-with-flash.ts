import type { FastifyReply } from 'fastify'

import { setFlash } from './flash.ts'
import { seeOther } from './page.ts'

/** Redirects after a form to `path`, which shows the sentence of its `?done=word` once. */
export function redirectWithFlash(reply: FastifyReply, path: string): FastifyReply {
  return seeOther(setFlash(reply, path), path)
}
