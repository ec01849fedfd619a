import type { FastifyReply } from 'fastify'

import { leaveWord } from './just-done.ts'
import { seeOther } from './page.ts'

/** After a form: to `path`, which tells once what its `?done=word` names. */
export function seeDone(reply: FastifyReply, path: string): FastifyReply {
  return seeOther(leaveWord(reply, path), path)
}
