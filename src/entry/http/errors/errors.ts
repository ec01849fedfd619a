// Answers errors as problem documents and as pages.

import type { FastifyReply, FastifyRequest } from 'fastify'

import { presentApproval } from '#domain/approvals/approval.schema.ts'
import { nameApprovals, readApproval } from '#domain/approvals/approval.service.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { Refusal, type RefusalCode, type RefusalKind } from '#foundation/kernel/refusal.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { asRefusal } from '#foundation/platform/database/errors.ts'
import { isSchemaUnknown } from '#foundation/platform/database/schema-status.ts'
import { refusalSentence, texts } from '#foundation/texts/texts.ts'
import { areaHome } from '#foundation/web/components/navigation-entries.ts'
import { isSafe } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import type { Brand } from '#foundation/web/http/brand.ts'
import { clearAttemptCookie } from '#foundation/web/http/cookies.ts'
import { preferredLanguage } from '#foundation/web/http/language.ts'
import { PROBLEM_TYPE, toProblem } from '#foundation/web/http/problem.ts'
import { safePath, withBecause, withNext } from '#foundation/web/http/redirect.ts'
import { SchemaFieldErrors } from '#foundation/web/http/schema.ts'
import { themeOf } from '#foundation/web/http/theme.ts'
import { keepUnsaved } from '#foundation/web/pages/draft.ts'
import { type ErrorPage, errorPage } from '#foundation/web/pages/error-page.ts'
import { localeOf, readerOf, redirectWithFlash, seeOther } from '#foundation/web/pages/page.ts'
import { approvalPath } from '#use-cases/administration/access/approval-path.ts'
import { safetyHeaders } from '../headers.ts'

const HTML = 'text/html; charset=utf-8'
const JSON_TYPE = 'application/json; charset=utf-8'

const FRAMEWORK_REFUSALS: Readonly<Record<string, RefusalCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too_large',
  FST_ERR_BAD_URL: 'request.not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'request.not_found',
  FST_ERR_NOT_FOUND: 'request.not_found',
}

/** Registers the error handlers: errors are answered with a problem document (RFC 9457), or with a page where a page was requested. */
export function registerErrors(app: App): void {
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request, reply) => answerError(new Refusal('request.not_found'), request, reply))
}

/** The refusal that an error stands for; undefined for an error that is a bug. */
function refusalIn(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (error instanceof SchemaFieldErrors)
    return new Refusal('request.validation_failed', { fieldErrors: error.fieldErrors })
  return asRefusal(error) ?? frameworkRefusal(error)
}

// Errors of Fastify itself, and bodies that broke off.
function frameworkRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined
  const { statusCode } = error
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return undefined
  const code = 'code' in error ? FRAMEWORK_REFUSALS[String(error.code)] : undefined
  return new Refusal(code ?? 'request.unreadable', {}, { cause: error })
}

function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  const refusal = request.refusedUnread ?? refusalIn(error)
  if (refusal === undefined) return answerUnexpected(error, request, reply)
  if (refusal.facts.approval !== undefined) return answerWaiting(refusal.facts.approval, request, reply)
  if (refusal.kind === 'unavailable' && refusal.cause !== undefined) {
    request.ctx.log.warn({ err: refusal.cause, requestId: request.id }, 'service unavailable; request refused')
  }
  const target = redirectTarget(refusal, reply)
  if (target !== undefined) {
    if (refusal.code === 'attempt.ended') clearAttemptCookie(reply, request.ctx.config)
    return seeOther(reply, target)
  }
  return answerRefusal(refusal, request, reply)
}

/** A statement fails, for example, when a newer program has changed the tables under this one. */
async function answerUnexpected(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (!(await isSchemaUnknown(request.ctx.db, error))) return answerBug(error, request, reply)
  const said = { err: error, requestId: request.id }
  request.ctx.log.warn(said, 'database has a schema that this program does not know; request refused')
  // A form that works in several transactions may have done a part.
  return answerRefusal(new Refusal('service.unavailable', { retryAfter: 1 }), request, reply, { isPartial: true })
}

function answerRefusal(
  refusal: Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
  { isPartial = false }: { readonly isPartial?: boolean } = {},
): FastifyReply {
  const problem = toProblem(refusal, { publicUrl: request.ctx.config.publicUrl, instance: request.id })
  reply.code(problem.status).headers(problem.headers)
  if (!wantsPage(request)) return reply.type(PROBLEM_TYPE).serializer(JSON.stringify).send(problem.body)
  const say = texts(localeOf(reply))
  const isOutdated = refusal.code === 'request.form_outdated'
  return sendErrorPage(reply, {
    title: isOutdated ? say.error.formOutdated : say.error.titles[refusal.kind],
    detail: refusalSentence(say, refusal),
    drawing: KEPT_OUT.has(refusal.kind) ? 'bolted' : 'ajar',
    refusalId: refusal.id,
    nothingChanged: !isPartial && !isSafe(request) && !SAY_SO.has(refusal.code),
    again: isOutdated || refusal.kind === 'unavailable' ? requestedPage(request) : undefined,
    list: SAY_LIST.has(refusal.code) ? pageAbove(request) : undefined,
  })
}

function answerBug(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.ctx.log.error({ err: error, requestId: request.id, route: request.route.url }, 'unhandled error')
  // The problem document says nothing about the cause, which stands in the log only.
  const { title, detail, code } = INTERNAL
  const type = `${request.ctx.config.publicUrl}/problems/internal`
  const problem = { type, title, status: 500, detail, instance: request.id, code }
  reply.code(problem.status)
  if (!wantsPage(request)) return reply.type(PROBLEM_TYPE).serializer(JSON.stringify).send(problem)
  const { error: say } = texts(localeOf(reply))
  // If a form fails half-way, it is unknown whether something was changed, so the page does not say that nothing was.
  return sendErrorPage(reply, {
    title: say.titles.internal,
    detail: say.internal,
    nothingChanged: isSafe(request),
    again: isSafe(request) ? requestedPage(request) : undefined,
  })
}

/** Answers 202 with the request and its URL (RFC 9110 §15.3.3); a form leads to the page of the request, or to one that its sender may open. */
async function answerWaiting(id: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (request.route.config.page === true) return redirectWithFlash(reply, `${pageAfter(id, reply)}?done=asked`)
  const { ctx } = request
  const named = await nameApprovals(ctx, [await readApproval(ctx, id)])
  const [view] = named.map((one) => presentApproval(one, ctx.now))
  return reply.code(202).header('location', `/approvals/${id}`).type(JSON_TYPE).serializer(JSON.stringify).send(view)
}

function pageAfter(id: string, reply: FastifyReply): string {
  const { request, server } = reply
  const permissions = permissionsOf(request.ctx.principal)
  if (permissions.includes('users:read')) return approvalPath(id)
  return areaHome(server.navigation ?? [], 'admin', permissions) ?? '/account'
}

/** The re-authentication is missing, too old, or weaker than the account requires. */
const REAUTHENTICATION_CODES: readonly RefusalCode[] = [
  'access.reauthentication_required',
  'access.stronger_authentication_required',
]

/** The URL to which the request of a page is redirected instead of an error page; undefined for every other request. */
function redirectTarget(refusal: Refusal, reply: FastifyReply): string | undefined {
  const { request } = reply
  if (!request.route.config.page) return undefined
  if (refusal.code === 'attempt.ended') return withBecause('/sign-in', 'ended', request.query)
  const back = { next: requestedPage(request) }
  const isSignedOut = refusal.code === 'access.not_authenticated' || refusal.code === 'access.invalid_token'
  if (isSignedOut && !isSafe(request)) {
    // The page of the sign-in says which: where the fields of the form are not kept, the redirect loses them.
    const kept = keepUnsaved(reply)
    return kept === undefined
      ? withBecause('/sign-in', 'unsaved', back)
      : withBecause('/sign-in', 'kept', { next: kept })
  }
  if (refusal.code === 'access.not_authenticated') return withNext('/sign-in', back)
  if (refusal.code === 'access.invalid_token') return withBecause('/sign-in', 'signed-out', back)
  if (!REAUTHENTICATION_CODES.includes(refusal.code)) return undefined
  // Only the path is kept: the query of the previous page may contain what the user typed, such as a name.
  const next = back.next?.split('?', 1)[0]
  return isSafe(request) ? withNext('/confirm', { next }) : withBecause('/confirm', 'form', { next })
}

/** The page that was requested, or the one whose form was submitted; undefined if it is unknown. */
function requestedPage(request: FastifyRequest): string | undefined {
  const { url, route, server, headers } = request
  if (isSafe(request)) return url
  return ownPath(headers.referer, request) ?? (server.canOpen?.(route.url ?? '') ? url : undefined)
}

/** Path and query of a URL of this server; undefined for any other URL. */
function ownPath(text: string | undefined, { host, ctx }: FastifyRequest): string | undefined {
  const url = text === undefined ? null : URL.parse(text)
  if (url === null || (url.origin !== ctx.config.publicUrl && url.host !== host)) return undefined
  return safePath(url.pathname + url.search)
}

/** Refusals whose sentence already says that nothing was changed. */
const SAY_SO: ReadonlySet<RefusalCode> = new Set(['request.form_outdated', 'request.cross_origin', 'service.busy'])

/** Refusals whose sentence leads back to the list. */
const SAY_LIST: ReadonlySet<RefusalCode> = new Set([
  'app.not_found',
  'attribute.not_found',
  'host.not_found',
  'resource.not_found',
])

/** The nearest page above the one that was requested, which lists what is unknown; undefined if there is none. */
function pageAbove({ url, server }: FastifyRequest): string | undefined {
  const [path = ''] = url.split('?', 1)
  const parts = path.split('/')
  return parts.map((_, at) => parts.slice(0, at).join('/')).findLast((above) => server.canOpen?.(above))
}

/** What the bolted door stands for; everything else is the open one. */
const KEPT_OUT: ReadonlySet<RefusalKind> = new Set(['forbidden', 'throttled'])

function sendErrorPage(
  reply: FastifyReply,
  words: Pick<ErrorPage, 'title' | 'detail' | 'drawing' | 'refusalId' | 'nothingChanged' | 'again' | 'list'>,
): FastifyReply {
  const { id: requestId, ctx } = reply.request
  const { instanceName } = ctx.config
  const page = errorPage({ ...readerOf(reply), ...words, requestId, instanceName })
  return reply.type(HTML).serializer(String).send(page)
}

/** Whether the answer is a page: the route is a page, or a browser navigated to a path that does not exist. */
function wantsPage(request: FastifyRequest): boolean {
  const { config, isUnknown } = request.route
  return config.page === true || (isUnknown && isNavigation(request))
}

type ErrorPageSettings = Pick<Config, 'publicUrl' | 'instanceName' | 'secureCookies' | 'defaultLocale'>

/**
 * Answers a request whose URL cannot be decoded. Such a request reaches no route and no hook, so it is not authenticated: a browser gets
 * the error page as an anonymous user sees it.
 */
export function answerUnroutable(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { brand, ...config }: ErrorPageSettings & { readonly brand: Brand | undefined },
): void {
  const refusal = refusalIn(error) ?? new Refusal('request.not_found')
  const { status, headers, body } = toProblem(refusal, { publicUrl: config.publicUrl, instance: request.id })
  const { page: pageHeaders, data: dataHeaders } = safetyHeaders(config)
  reply.code(status).headers({ ...headers, 'x-request-id': request.id })
  if (!isNavigation(request)) {
    reply.headers(dataHeaders).type(PROBLEM_TYPE).serializer(JSON.stringify).send(body)
    return
  }
  const locale = preferredLanguage(request.headers['accept-language']) ?? config.defaultLocale
  const say = texts(locale)
  const page = errorPage({
    title: say.error.titles[refusal.kind],
    detail: refusalSentence(say, refusal),
    requestId: request.id,
    instanceName: config.instanceName,
    brand,
    theme: themeOf(request, config),
    locale,
  })
  reply.headers(pageHeaders).type(HTML).serializer(String).send(page)
}

export const INTERNAL = {
  code: 'internal',
  title: 'Something went wrong',
  detail: 'The server failed. The cause was logged under the ID of this request.',
} as const

/** Whether a browser navigates to a URL, rather than a program or a script sending the request. */
export function isNavigation({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html')
}
