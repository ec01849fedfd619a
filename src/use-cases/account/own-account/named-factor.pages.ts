// The pages that rename or remove an authenticator app or a passkey.
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Context, WithSession } from '#foundation/context.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, confirmDangerButton, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { textField } from '#foundation/web/components/field.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { panel } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { givenName } from '#foundation/web/http/schema.ts'
import { SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  type Outcome,
  readForm,
  refusedForm,
  soleError,
} from '#foundation/web/pages/form.ts'
import { localeOf, redirectWithFlash, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { isFactorRequired } from './factor-removal.service.ts'
import { reissueCookies } from './own-account.pages.ts'

type Ctx = WithSession<keyof Context>

/** A kind of factor of which a user may have several, each with a name. */
export interface NamedFactorKind {
  readonly kind: 'totp' | 'passkey'
  /** The path of its pages, to which `factorPath` adds the action and the id. */
  readonly path: string
  /** The path of its JSON routes. */
  readonly api: string
  /** The word of the flash message after a removal. */
  readonly removed: string
  readonly words: (say: Texts) => {
    readonly renameTitle: (name: string) => string
    readonly label: string
    readonly hint: string
    readonly remove: Pick<Texts['security']['removeApp'], 'title' | 'question' | 'submit' | 'cancel' | 'lastOne'>
  }
  /** The factor with the name that the pages show. An unconfirmed one is no factor yet, so it can always be removed. */
  readonly read: (ctx: Ctx, id: string, say: Texts) => Promise<{ id: string; name: string; isConfirmed: boolean }>
  readonly rename: (ctx: Ctx, renamed: { id: string; name: string }) => Promise<unknown>
  /** Returns the session's new token, if it has one. */
  readonly remove: (ctx: Ctx, id: string) => Promise<Secret | undefined>
  /** Links to what the user can do instead of removing the last second factor. */
  readonly instead: (say: Texts, id: string) => Html
}

/** The path of a page about one factor; `path` is that of its kind. */
export function factorPath(path: string, action: string, id: string): string {
  return `${path}/${action}/${encodeURIComponent(id)}`
}

const RenameForm = Type.Object({ name: givenName('What you call it.') })

const config = { access: 'signed-in', page: true, undocumented: true } as const
const sensitive = { ...config, authentication: 'recent' } as const
const schema = { params: Type.Object({ id: Type.String({ maxLength: 64 }) }) }

type OfOneFactor = FastifyRequest<{ Params: { id: string } }>

/** Renames a factor, and removes one after a question. */
export function namedFactorPages(app: App, factor: NamedFactorKind): void {
  // A repeated submission would carry a session token that the first one has replaced.
  const submissions = new SubmitDeduplicator<Outcome<Secret | undefined>>(({ refusal }) => refusal === undefined)
  app.get(`${factor.path}/rename/:id`, { config, schema }, (request, reply) =>
    showRename(request, reply, factor, EMPTY_FORM),
  )

  app.post(`${factor.path}/rename/:id`, { config, schema }, async (request, reply) => {
    const { ctx, body, params } = request
    const form = readForm(RenameForm, body)
    if ('fieldErrors' in form) return showRename(request, reply, factor, refusedForm(body, ['name'], form.fieldErrors))
    await factor.rename(signedIn(ctx), { id: params.id, name: form.value.name })
    return redirectWithFlash(reply, '/account/security?done=renamed')
  })

  app.get(`${factor.path}/remove/:id`, { config: sensitive, schema }, (request, reply) =>
    showRemoval(request, reply, factor),
  )

  app.post(`${factor.path}/remove/:id`, { config: sensitive, schema }, async (request, reply) => {
    const ctx = signedIn(request.ctx)
    const { id } = request.params
    const submission = { browser: ctx.principal.session.id, body: request.body, typed: [id] }
    const { answer: token, refusal } = await submissions.answer(submission, ctx.now, () =>
      answerOf(factor.remove(ctx, id)),
    )
    // The page says why the last factor cannot be removed and what to do instead.
    if (refusal?.code === `${factor.kind}.last_one`) return seeOther(reply, factorPath(factor.path, 'remove', id))
    // A later submission of the same form finds the factor removed already.
    if (refusal && refusal.code !== `${factor.kind}.not_found`) throw refusal
    if (token !== undefined) await reissueCookies(request, reply, token)
    return redirectWithFlash(reply, `/account/security?done=${factor.removed}`)
  })
}

async function showRename(
  request: OfOneFactor,
  reply: FastifyReply,
  factor: NamedFactorKind,
  state: FormState,
): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { renameTitle, label, hint } = factor.words(say)
  const { id, name: current } = await factor.read(signedIn(request.ctx), request.params.id, say)
  const field = textField({
    id: 'name',
    label,
    hint,
    value: state.refusal ? state.values['name'] : current,
    error: soleError(say, state, 'name'),
    autocomplete: 'off',
    autofocus: true,
    required: true,
  })
  const path = `${factor.api}/${id}`
  const api = { method: 'PATCH', path, body: { name: current }, needsSession: true } as const
  return sendPage(reply, {
    title: [renameTitle(withoutTurns(current)), say.security.title],
    heading: withNames(renameTitle, current),
    refusal: state.refusal,
    body: html`<form method="post" action="${factorPath(factor.path, 'rename', id)}">
      ${formToken(request)} ${field}
      ${buttonRow(submitButton(say.words.save), linkButton('/account/security', say.words.cancel))}
    </form>`,
    api: apiEquivalent(say, request.ctx.config, api),
  })
}

async function showRemoval(request: OfOneFactor, reply: FastifyReply, factor: NamedFactorKind): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { remove } = factor.words(say)
  const ctx = signedIn(request.ctx)
  const { id, name: current, isConfirmed } = await factor.read(ctx, request.params.id, say)
  const question = panel(
    html`<p>${remove.question}</p>
      <form method="post" action="${factorPath(factor.path, 'remove', id)}">
        ${formToken(request)}
        ${buttonRow(confirmDangerButton(remove.submit), linkButton('/account/security', remove.cancel))}
      </form>`,
  )
  const instead = panel(
    html`<p>${remove.lastOne}</p>
      ${factor.instead(say, id)}`,
  )
  const mustStay = isConfirmed && (await isFactorRequired(ctx, factor.kind))
  return sendPage(reply, {
    title: [remove.title(withoutTurns(current)), say.security.title],
    heading: withNames(remove.title, current),
    ...(mustStay && { up: { href: '/account/security', label: say.security.title } }),
    body: mustStay ? instead : question,
    api:
      !mustStay &&
      apiEquivalent(say, ctx.config, { method: 'DELETE', path: `${factor.api}/${id}`, needsSession: true }),
  })
}
