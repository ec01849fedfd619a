// The list of the attributes that are declared, in their order.
import type { FastifyReply } from 'fastify'

import { listAttributes } from '#domain/attributes/attribute.service.ts'
import type { Attribute } from '#domain/attributes/attribute.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { rowMenu } from '#foundation/web/components/menu.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { choice } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { readForm } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { accessOf, AttributePageParameters, attributePath, ATTRIBUTES_PATH } from './attribute-form.pages.ts'
import { attributePages } from './attribute.pages.ts'
import { moveAttribute } from './attributes.service.ts'

const config = { access: 'policy:write', page: true, undocumented: true } as const
const navigation: NavigationEntry = {
  area: 'admin',
  group: 'people',
  order: 45,
  label: (say) => say.attributes.title,
  drawing: 'fields',
}
/** The form of the buttons in the menus. */
const MOVE_FORM = 'move'
const MoveForm = Type.Object({ direction: choice(['up', 'down']) })

/** Every page about the declarations of attributes. */
export function attributesPages(app: App): void {
  app.get(ATTRIBUTES_PATH, { config: { ...config, navigation } }, (_request, reply) => showAttributes(reply))

  const moves = {
    config: { ...config, authentication: 'recent' },
    schema: { params: AttributePageParameters },
  } as const
  app.post(`${ATTRIBUTES_PATH}/:key/move`, moves, async ({ ctx, params, body }, reply) => {
    const form = readForm(MoveForm, body)
    // No person types the direction, so an error could not be corrected.
    if ('fieldErrors' in form) return seeOther(reply, ATTRIBUTES_PATH)
    await moveAttribute(ctx, params.key, form.value.direction === 'up' ? -1 : 1)
    return redirectWithFlash(reply, `${ATTRIBUTES_PATH}?done=moved`)
  })

  attributePages(app)
}

async function showAttributes(reply: FastifyReply): Promise<FastifyReply> {
  const { ctx } = reply.request
  const reader = adminReader(reply)
  const { say, config: settings } = reader
  const { attributes: words } = say
  const attributes = await listAttributes(ctx)
  return sendPage(reply, {
    title: [words.title, say.overview.area],
    done: flashSentence(words.done, readFlash(reply)),
    ...(attributes.length > 0 && { beside: addLink(words) }),
    body: html`<p class="lead">${words.lead}</p>
      <form method="post" id="${MOVE_FORM}" hidden>${reader.formToken}</form>
      ${attributeTable(reader, attributes)}`,
    api: apiEquivalent(say, settings, { method: 'GET', path: '/attributes' }),
  })
}

function addLink({ add }: { readonly add: string }): Html {
  return primaryLink(`${ATTRIBUTES_PATH}/new`, withIcon('plus', add))
}

function attributeTable(reader: AdminReader, attributes: readonly Attribute[]): Html {
  const { attributes: words } = reader.say
  const { label, type, access, atJoining } = words.columns
  return dataTable({
    caption: words.table,
    kind: 'compact loose',
    columns: [
      { label },
      { label: type, isPlain: true },
      { label: access, isPlain: true },
      { label: atJoining },
      screenReaderColumn(words.actions),
    ],
    rows: attributes.map((one, index) => ({
      id: `attribute-${one.key}`,
      cells: [
        html`<div>${name(one.label)}</div>
          <code class="small">${one.key}</code>`,
        words.types[one.type],
        words.access[accessOf(one)],
        words.atJoining[one.atJoining],
        rowMenu({
          label: withNames(words.menuFor, one.label),
          entries: [
            html`<a href="${attributePath(one.key)}">${named(words.change, one)}</a>`,
            ...(index > 0 ? [moveButton(reader, one, 'up')] : []),
            ...(index < attributes.length - 1 ? [moveButton(reader, one, 'down')] : []),
            html`<a class="danger" href="${attributePath(one.key, '/delete')}">${named(words.remove, one)}</a>`,
          ],
        }),
      ],
    })),
    empty: emptyState({ drawing: 'scroll', ...words.none, action: addLink(words) }),
  })
}

/** The label says to screen readers which attribute is meant. */
function named(words: string, { label }: Attribute): Html {
  return html`${words}<span class="unseen"> – ${name(label)}</span>`
}

function moveButton({ say }: AdminReader, attribute: Attribute, direction: 'up' | 'down'): Html {
  const action = attributePath(attribute.key, '/move')
  return html`<button type="submit" form="${MOVE_FORM}" formaction="${action}" name="direction" value="${direction}">
    ${named(say.attributes[direction], attribute)}
  </button>`
}
