import type { App } from '../web/app.ts'
import { seeOther } from '../web/page.ts'

/** The bare address leads to where the person can go on. */
export function startPages(app: App): void {
  app.get('/', { config: { access: 'anyone', page: true, undocumented: true } }, (request, reply) =>
    seeOther(reply, request.ctx.caller.kind === 'signed-in' ? '/account' : '/sign-in'),
  )
}
