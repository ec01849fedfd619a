import type { FastifyReply } from 'fastify'

import { setFlash } from './flash.ts'
import { seeOther } from './page.ts'

/** After a form: to `path`, which tells once what its `?done=word` names. */
export function redirectWithFlash(reply: FastifyReply, path: string): FastifyReply {
  return seeOther(setFlash(reply, path), path)
}
