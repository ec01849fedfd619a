// Answers errors as problem documents and as pages.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { Refusal, type RefusalCode, type RefusalKind } from '#foundation/kernel/refusal.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { asRefusal } from '#foundation/platform/database/errors.ts'
import { isSchemaUnknown } from '#foundation/platform/database/schema-status.ts'
import { refusalSentence, texts } from '#foundation/texts/texts.ts'
import { isSafe } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import type { Brand } from '#foundation/web/http/brand.ts'
import { clearAttemptCookie } from '#foundation/web/http/cookies.ts'
import { preferredLanguage } from '#foundation/web/http/language.ts'
import { PROBLEM_TYPE, toProblem } from '#foundation/web/http/problem.ts'
import { SchemaFieldErrors } from '#foundation/web/http/schema.ts'
import { themeOf } from '#foundation/web/http/theme.ts'
import { type ErrorPage, errorPage } from '#foundation/web/pages/error-page.ts'
import { localeOf, readerOf, seeOther } from '#foundation/web/pages/page.ts'
import { safetyHeaders } from '../headers.ts'
import { redirectTarget, requestedPage } from './redirects.ts'
import { answerWaiting } from './waiting.ts'

const HTML = 'text/html; charset=utf-8'

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
  const refusal = refusalIn(error)
  if (refusal === undefined) return answerUnexpected(error, request, reply)
  if (refusal.facts.approval !== undefined) return answerWaiting(refusal.facts.approval, request, reply)
  if (refusal.kind === 'unavailable' && refusal.cause !== undefined) {
    request.ctx.log.warn({ err: refusal.cause, requestId: request.id }, 'service unavailable; request refused')
  }
  const target = redirectTarget(refusal, request)
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

/** Refusals whose sentence already says that nothing was changed. */
const SAY_SO: ReadonlySet<RefusalCode> = new Set(['request.form_outdated', 'request.cross_origin', 'service.busy'])

/** What the bolted door stands for; everything else is the open one. */
const KEPT_OUT: ReadonlySet<RefusalKind> = new Set(['forbidden', 'throttled'])

function sendErrorPage(
  reply: FastifyReply,
  words: Pick<ErrorPage, 'title' | 'detail' | 'drawing' | 'refusalId' | 'nothingChanged' | 'again'>,
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
