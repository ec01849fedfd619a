// Sends complete pages; the folder contains what pages share: the shell, forms and flash messages.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { isAuthenticated, permissionsOf } from '#foundation/kernel/principal.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { languageOf, texts } from '#foundation/texts/texts.ts'
import { primaryLink } from '../components/button.ts'
import { referenceLine } from '../components/copy.ts'
import { areaOf, entriesFor } from '../components/navigation-entries.ts'
import type { Person } from '../components/navigation.ts'
import { banner } from '../components/status.ts'
import { type Html, html, render } from '../html.ts'
import { formToken } from '../http/form-token.ts'
import { preferredLanguage, requestedLanguage } from '../http/language.ts'
import { toProblem } from '../http/problem.ts'
import { fieldIn, safePath } from '../http/redirect.ts'
import { hasSingleKeys } from '../http/single-keys.ts'
import { themeOf } from '../http/theme.ts'
import { pathWithoutFlash, reauthenticatedSentence, setFlash } from './flash.ts'
import { type Frame, type Shell, shell } from './shell.ts'

export interface Page extends Omit<
  Shell,
  'say' | 'instanceName' | 'brand' | 'theme' | 'navigation' | 'path' | 'returnPath' | 'person' | 'singleKeys'
> {
  readonly status?: number
  /** The refusal that the page reports. It decides status and headers, unless `status` is given, and the page counts as `failed`. */
  readonly refusal?: Refusal | undefined
  /** What was just done, above the heading, unless there is a notice; it can be closed. */
  readonly done?: Html | string | undefined
  /** Whether its URL shows something else when it is opened again. Then the theme switch needs scripts. */
  readonly shownOnce?: boolean | undefined
  /** Shown below everything else, also below the reference of a refusal. */
  readonly foot?: Html | undefined
  /** The user who is signed in after this answer; by default the user of the request. */
  readonly person?: Person | undefined
}

/** A complete document as text. */
export function renderPage(page: Omit<Shell, 'say'> & { readonly locale?: string | null | undefined }): string {
  return render(shell({ ...page, say: texts(page.locale) }))
}

/**
 * Sends a page in the shell. It adds the banner for a recent re-authentication, the module that counts a wait down, and the reference of a
 * refusal. No cache may store a page, because most contain data or a form of one user.
 */
export function sendPage(reply: FastifyReply, { status, refusal, foot, done, shownOnce, ...page }: Page): FastifyReply {
  const { config } = reply.request.ctx
  if (refusal) {
    const problem = toProblem(refusal, { publicUrl: config.publicUrl, instance: reply.request.id })
    reply.code(problem.status).headers(problem.headers)
  }
  if (status !== undefined) reply.code(status)
  const requestReader = readerOf(reply)
  const reader = { ...requestReader, person: page.person ?? requestReader.person }
  const { failed = refusal !== undefined, frame = frameOf(reader) } = page
  const say = texts(reader.locale)
  const message = page.notice ? undefined : (done ?? reauthenticatedSentence(say, reply))
  const dismissal = { href: pathWithoutFlash(reply.request.url), label: say.words.dismiss }
  const notice = message === undefined ? page.notice : banner('ok', message, dismissal)
  const modules = new Set(page.modules)
  if (message !== undefined) modules.add('dismiss')
  if (refusal?.kind === 'throttled') modules.add('countdown')
  if (refusal?.id !== undefined) modules.add('copy')
  const reference = refusal?.id !== undefined && referenceLine(say, refusal.id)
  const body = html`${page.body} ${reference} ${foot}`
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', shownOnce ? 'no-store, no-transform' : 'no-store')
    .send(
      renderPage({
        ...page,
        failed,
        frame,
        body,
        notice,
        modules: [...modules],
        ...reader,
        // A refused form is shown once, with what was typed: a script changes the theme in place.
        ...((shownOnce || refusal) && { returnPath: undefined }),
        instanceName: config.instanceName,
      }),
    )
}

/** The frame of the area of a path. A user who is not signed in, and a path outside all areas, get the card. */
function frameOf({ navigation = [], path = '/', person }: Pick<Shell, 'navigation' | 'path' | 'person'>): Frame {
  const area = person && areaOf(navigation, path)
  if (area === undefined) return 'card'
  return area === 'admin' ? 'admin' : 'account'
}

/** What the shell shows of the user, the browser and the request. */
export function readerOf(reply: FastifyReply): Pick<
  Shell,
  'brand' | 'theme' | 'navigation' | 'path' | 'returnPath' | 'person' | 'singleKeys'
> & {
  readonly locale: string | null
} {
  const { request } = reply
  const [path = '/'] = request.url.split('?', 1)
  return {
    brand: reply.server.brand,
    navigation: entriesFor(reply.server.navigation ?? [], {
      hasApps: request.ctx.db.seen.apps,
      waiting: request.waiting,
    }),
    theme: themeOf(request, request.ctx.config),
    singleKeys: hasSingleKeys(request),
    path: isLink(request) ? '/' : path,
    returnPath: themeReturnPath(request),
    person: signedInPerson(request),
    locale: localeOf(reply),
  }
}

/**
 * The path to which the theme switch returns; undefined if opening it would not show the same page: the answer to a form may contain what
 * is shown once or what was typed. The URL of a link contains a secret and stands in no form.
 */
function themeReturnPath(request: FastifyRequest): string | undefined {
  return request.method === 'GET' && !isLink(request) ? safePath(request.url) : undefined
}

function isLink({ params }: FastifyRequest): boolean {
  return Object.hasOwn(params ?? {}, 'token')
}

function signedInPerson(request: FastifyRequest): Person | undefined {
  const { principal } = request.ctx
  if (!isAuthenticated(principal)) return undefined
  const { subject, username, fullName } = principal.user
  return { subject, username, fullName, permissions: permissionsOf(principal), formToken: formToken(request) }
}

/**
 * The language that the user has chosen, if it is available, else that of the parameter `ui_locales`, which an app has asked for, else the
 * one that the browser prefers, else that of the server.
 */
export function localeOf({ request }: FastifyReply): string {
  const { principal, config } = request.ctx
  const chosen = isAuthenticated(principal) ? principal.user.locale : null
  return (
    languageOf(chosen) ??
    requestedLanguage(fieldIn(request.query, 'ui_locales')) ??
    preferredLanguage(request.headers['accept-language']) ??
    config.defaultLocale
  )
}

/** Redirects after a form: the browser requests `path` with GET, so that a reload does not submit the form again (RFC 9110 §15.4.4). */
export function seeOther(reply: FastifyReply, path: string): FastifyReply {
  return reply.code(303).header('cache-control', 'no-store').header('location', path).send()
}

/**
 * Sends the user of a form on to `path`, such as that of `?next=`. Browsers apply `form-action 'self'` to each redirect that follows a form
 * (CSP Level 3, §6.4.1), so that a form cannot redirect to a path that leaves this site: there a page in between goes on by itself, without
 * a script.
 */
export function onward(reply: FastifyReply, path: string): FastifyReply {
  return reply.server.leavesSite?.(path) === true ? leaveAfterForm(reply, path) : seeOther(reply, path)
}

/** Sends the user of a form on to a URL of another site, or to a path that leads to one. */
export function leaveAfterForm(reply: FastifyReply, url: string): FastifyReply {
  if (!url.startsWith('/') && isOfProgram(url)) return offerProgram(reply, url)
  const { words } = texts(localeOf(reply))
  const body = html`<p>${primaryLink(url, words.continue)}</p>`
  return sendPage(reply, { title: words.oneMoment, frame: 'card', goesOnTo: url, body })
}

/** Sends a browser that has followed a link on to a URL of another site, or to a program on the device. */
export function leaveByLink(reply: FastifyReply, url: string): FastifyReply {
  return isOfProgram(url) ? offerProgram(reply, url) : reply.redirect(url, 303)
}

function isOfProgram(url: string): boolean {
  return !/^https?:/i.test(url)
}

/** Browsers start a program on the device after a click only, not by a redirect. */
function offerProgram(reply: FastifyReply, url: string): FastifyReply {
  const { toProgram } = texts(localeOf(reply)).openid
  const body = html`<p class="lead">${toProgram.text}</p>
    <p>${primaryLink(url, toProgram.open)}</p>`
  return sendPage(reply, { title: toProgram.title, frame: 'card', shownOnce: true, body })
}

/** Redirects after a form to `path`, which shows the sentence of its `?done=word` once, perhaps with a name. */
export function redirectWithFlash(reply: FastifyReply, path: string, name?: string): FastifyReply {
  return seeOther(setFlash(reply, path, name), path)
}
