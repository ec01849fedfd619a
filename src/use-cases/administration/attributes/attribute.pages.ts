// The pages on which an attribute is declared, changed and deleted.
import type { FastifyReply } from 'fastify'

import { countUsersWith, readAttribute } from '#domain/attributes/attribute.service.ts'
import type { Attribute } from '#domain/attributes/attribute.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, confirmDangerButton, linkButton, submitButton } from '#foundation/web/components/button.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { panel, partedForm } from '#foundation/web/components/section.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { answerOf, EMPTY_FORM, type FormState, formSummary, readForm, refusedForm } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import {
  AttributePageParameters,
  attributePath,
  ATTRIBUTES_PATH,
  DECLARATION_FIELDS,
  declarationParts,
  DeclarationForm,
  declarationIn,
  declarationLinks,
  declarationValues,
} from './attribute-form.pages.ts'
import { changeAttribute, declareAttribute, deleteAttribute } from './attributes.service.ts'

// The pages with the forms need a recent authentication too, so that nothing typed is lost by a question in between.
const config = { access: 'policy:write', authentication: 'recent', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'palette', order: 110, label: (say) => say.attributes.add }
const schema = { params: AttributePageParameters }

const NEW_PATH = `${ATTRIBUTES_PATH}/new`
const NEW_VALUES = { type: 'text', access: 'sees', at_joining: 'never' }

/** Declares, changes and deletes attributes. */
export function attributePages(app: App): void {
  app.get(NEW_PATH, { config: { ...config, navigation } }, (_request, reply) =>
    showNew(reply, { ...EMPTY_FORM, values: NEW_VALUES }),
  )

  app.post(NEW_PATH, { config }, async ({ ctx, body }, reply) => {
    const form = readForm(DeclarationForm, body)
    if ('fieldErrors' in form) return showNew(reply, refusedForm(body, DECLARATION_FIELDS, form.fieldErrors))
    const { refusal } = await answerOf(declareAttribute(ctx, declarationIn(form.value)))
    if (refusal) return showNew(reply, atItsField(refusedForm(body, DECLARATION_FIELDS, refusal)))
    return redirectWithFlash(reply, `${ATTRIBUTES_PATH}?done=created`)
  })

  const path = `${ATTRIBUTES_PATH}/:key`
  app.get(path, { config, schema }, ({ params }, reply) => showChange(reply, params.key))

  app.post(path, { config, schema }, async ({ ctx, body, params: { key } }, reply) => {
    const form = readForm(DeclarationForm, body)
    if ('fieldErrors' in form) return showChange(reply, key, refusedForm(body, DECLARATION_FIELDS, form.fieldErrors))
    const { key: typed, ...declared } = declarationIn(form.value)
    // Only the form of a reserved key has the field.
    const change = form.value.key === undefined ? declared : { ...declared, key: typed }
    const { refusal } = await answerOf(
      changeAttribute(ctx, key, change, matchesForm(form.value.seen ?? '', revisionTag)),
    )
    if (refusal?.kind === 'missing') throw refusal
    if (refusal) return showChange(reply, key, atItsField(refusedForm(body, DECLARATION_FIELDS, refusal)))
    return redirectWithFlash(reply, `${ATTRIBUTES_PATH}?done=changed`)
  })

  app.get(`${path}/delete`, { config, schema }, ({ params }, reply) => askToDelete(reply, params.key))

  app.post(`${path}/delete`, { config, schema }, async ({ ctx, params }, reply) => {
    await deleteAttribute(ctx, params.key)
    return redirectWithFlash(reply, `${ATTRIBUTES_PATH}?done=deleted`)
  })
}

function revisionTag({ revision }: Attribute): string {
  return String(revision)
}

function atItsField(state: FormState): FormState {
  return state.refusal?.code === 'attribute.key_taken'
    ? { ...state, fieldErrors: [{ pointer: '/key', code: 'attribute.key_taken' }] }
    : state
}

function showNew(reply: FastifyReply, state: FormState): FastifyReply {
  const { say, config: settings, formToken } = adminReader(reply)
  const { attributes: words } = say
  return sendPage(reply, {
    title: [words.add, words.title],
    notice: formSummary(say, state, declarationLinks(say)),
    refusal: state.refusal,
    body: html`<p class="lead">${words.form.lead}</p>
      <form method="post" action="${NEW_PATH}">
        ${formToken}
        ${partedForm(
          declarationParts(say, state, {}),
          buttonRow(submitButton(words.form.create), linkButton(ATTRIBUTES_PATH, say.words.cancel)),
        )}
      </form>`,
    api: apiEquivalent(say, settings, {
      method: 'POST',
      path: '/attributes',
      body: { key: 'cost_center', label: 'Cost centre', type: 'text' },
      needsSession: true,
    }),
  })
}

async function showChange(reply: FastifyReply, key: string, refused?: FormState): Promise<FastifyReply> {
  const attribute = await readAttribute(reply.request.ctx, key)
  const { say, config: settings, formToken } = adminReader(reply)
  const { attributes: words } = say
  const hiddenValues = attribute.visibleTo === 'admin' ? await countUsersWith(reply.request.ctx, key) : 0
  const stored = declarationValues(attribute)
  const isStale = refused?.refusal?.code === 'resource.stale'
  // After a conflict the next submission is compared with what is stored now, and may replace it.
  const values = { ...refused?.values, ...(isStale && { seen: stored['seen'] ?? '' }) }
  const state: FormState = refused === undefined ? { ...EMPTY_FORM, values: stored } : { ...refused, values }
  return sendPage(reply, {
    title: [words.changeTitle(withoutTurns(attribute.label)), words.title],
    heading: withNames(words.changeTitle, attribute.label),
    notice: formSummary(say, state, declarationLinks(say)),
    refusal: state.refusal,
    body: html`<p class="lead">${words.form.key}: <code>${attribute.key}</code></p>
      <form method="post" action="${attributePath(attribute.key)}">
        ${formToken}
        ${partedForm(
          declarationParts(say, state, { key: attribute.key, hiddenValues }),
          buttonRow(submitButton(say.words.save), linkButton(ATTRIBUTES_PATH, say.words.cancel)),
        )}
      </form>`,
    api: apiEquivalent(say, settings, {
      method: 'PATCH',
      path: `/attributes/${attribute.key}`,
      body: { label: attribute.label },
      needsSession: true,
    }),
  })
}

async function askToDelete(reply: FastifyReply, key: string): Promise<FastifyReply> {
  const { ctx } = reply.request
  const attribute = await readAttribute(ctx, key)
  const users = await countUsersWith(ctx, key)
  const { say, config: settings, formToken } = adminReader(reply)
  const { attributes: words } = say
  return sendPage(reply, {
    title: [words.delete.title(withoutTurns(attribute.label)), words.title],
    heading: withNames(words.delete.title, attribute.label),
    body: panel(
      html`<p class="lead">${words.delete.values(users)}</p>
        <form method="post" action="${attributePath(attribute.key, '/delete')}">
          ${formToken}
          ${buttonRow(confirmDangerButton(words.delete.submit), linkButton(ATTRIBUTES_PATH, say.words.cancel))}
        </form>`,
    ),
    api: apiEquivalent(say, settings, {
      method: 'DELETE',
      path: `/attributes/${attribute.key}`,
      needsSession: true,
    }),
  })
}
