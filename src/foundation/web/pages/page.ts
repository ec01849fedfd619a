import type { FastifyReply, FastifyRequest } from 'fastify'

import { isAuthenticated, permissionsOf } from '../../kernel/principal.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import type { Person } from '../components/navigation.ts'
import { referenceLine } from '../components/reference.ts'
import { WAIT_MODULE } from '../components/wait.ts'
import { reauthenticatedBanner } from './reauthenticated.ts'
import type { ModuleName } from '../http/assets.ts'
import { formToken } from '../http/form-token.ts'
import { html, render } from '../html.ts'
import type { Html } from '../html.ts'
import { preferredLanguage } from '../http/language.ts'
import { toProblem } from '../http/problem.ts'
import { safePath } from '../http/redirect.ts'
import { shell } from './shell.ts'
import type { Shell } from './shell.ts'
import { languageOf, texts } from '../../texts/texts.ts'
import { themeOf } from '../http/theme.ts'

export interface Page extends Omit<Shell, 'say' | 'instanceName' | 'brand' | 'theme' | 'path' | 'place' | 'person'> {
  readonly status?: number
  /** What the page reports: decides status and headers, unless `status` says otherwise. */
  readonly refusal?: Refusal | undefined
  /** Stands below everything, also below the reference of a refusal. */
  readonly foot?: Html | undefined
  /** Who is signed in from this answer on; whoever asked for it when left out. */
  readonly person?: Person | undefined
}

/** A whole document as text. */
export function renderPage(page: Omit<Shell, 'say'> & { readonly locale?: string | null | undefined }): string {
  return render(shell({ ...page, say: texts(page.locale) }))
}

/**
 * Sends a page in the shell. It says by itself until when a proof just given counts, counts down a wait it tells of, and
 * names the reference of a refusal. Nothing on a page may be kept by a cache, as most show a person or a form for one.
 */
export function sendPage(reply: FastifyReply, { status, refusal, foot, ...page }: Page): FastifyReply {
  const { config } = reply.request.ctx
  if (refusal) announce(reply, refusal)
  if (status !== undefined) reply.code(status)
  const asking = readerOf(reply)
  const reader = { ...asking, person: page.person ?? asking.person }
  const notice = page.notice ?? reauthenticatedBanner(texts(reader.locale), reply)
  const modules = new Set([...(page.modules ?? []), ...modulesFor(refusal)])
  const reference = refusal?.id !== undefined && referenceLine(texts(reader.locale), refusal.id)
  const body = html`${page.body} ${reference} ${foot}`
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(renderPage({ ...page, body, notice, modules: [...modules], ...reader, instanceName: config.instanceName }))
}

function modulesFor(refusal: Refusal | undefined): ModuleName[] {
  if (refusal === undefined) return []
  return [
    ...(refusal.code === 'throttle.blocked' ? [WAIT_MODULE] : []),
    ...(refusal.id === undefined ? [] : (['copy'] as const)),
  ]
}

/** What the shell has to know of whoever reads the page, and of where they are. */
export function readerOf(
  reply: FastifyReply,
): Pick<Shell, 'brand' | 'theme' | 'path' | 'place' | 'person'> & { readonly locale: string | null } {
  const { request } = reply
  const [path = '/'] = request.url.split('?', 1)
  return {
    brand: reply.server.brand,
    theme: themeOf(request),
    path: isLink(request) ? '/' : path,
    place: placeOf(request),
    person: personOf(request),
    locale: localeOf(reply),
  }
}

/**
 * Where the page comes again when it is opened, so that nobody loses it by choosing another look. The answer to a form does not:
 * it may show what is shown once, or hold what was typed. The address of a link is a secret and stands in no form.
 */
function placeOf(request: FastifyRequest): string | undefined {
  return request.method === 'GET' && !isLink(request) ? safePath(request.url) : undefined
}

function isLink({ params }: FastifyRequest): boolean {
  return Object.hasOwn(params ?? {}, 'token')
}

function personOf(request: FastifyRequest): Person | undefined {
  const { principal } = request.ctx
  if (!isAuthenticated(principal)) return undefined
  const { username } = principal.user
  return { username, isAdmin: permissionsOf(principal).length > 0, formToken: formToken(request) }
}

/** The language that somebody chose for themselves, as far as we have it, else the one their browser asks for. */
export function localeOf({ request }: FastifyReply): string | null {
  const { principal } = request.ctx
  const chosen = isAuthenticated(principal) ? principal.user.locale : null
  return languageOf(chosen) ?? preferredLanguage(request.headers['accept-language'])
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
