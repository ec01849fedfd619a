import type { FastifyReply } from 'fastify'

import type { Refusal } from '../kernel/refusal.ts'
import { render } from './html.ts'
import { toProblem } from './problem.ts'
import { shell } from './shell.ts'
import type { Shell } from './shell.ts'
import { texts } from './texts.ts'

export interface Page extends Omit<Shell, 'say' | 'instanceName'> {
  readonly status?: number
  /** What the page reports: decides status and headers, unless `status` says otherwise. */
  readonly refusal?: Refusal | undefined
}

/** A whole document as text. */
export function renderPage(page: Omit<Shell, 'say'> & { readonly locale?: string | null | undefined }): string {
  return render(shell({ ...page, say: texts(page.locale) }))
}

/** Sends a page in the shell. Nothing on a page may be kept by a cache, as most show a person or a form for one. */
export function sendPage(reply: FastifyReply, { status, refusal, ...page }: Page): FastifyReply {
  const { config } = reply.request.ctx
  if (refusal) announce(reply, refusal)
  if (status !== undefined) reply.code(status)
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(renderPage({ ...page, locale: localeOf(reply), instanceName: config.instanceName }))
}

/** The language of the person who reads the page, where it is known. */
export function localeOf({ request }: FastifyReply): string | null {
  const { caller } = request.ctx
  return caller.kind === 'signed-in' ? caller.user.locale : null
}

/** After a form: the browser fetches `path` with GET, so that a reload sends nothing twice (RFC 9110 §15.4.4). */
export function seeOther(reply: FastifyReply, path: string): FastifyReply {
  return reply.code(303).header('cache-control', 'no-store').header('location', path).send()
}

function announce(reply: FastifyReply, refusal: Refusal): void {
  const { request } = reply
  const problem = toProblem(refusal, { publicUrl: request.ctx.config.publicUrl, instance: request.id })
  reply.code(problem.status).headers(problem.headers)
}
