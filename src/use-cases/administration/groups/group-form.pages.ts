// The form of a group, new or edited.
import type { FastifyReply } from 'fastify'

import { GroupParameters, groupTag } from '#domain/groups/group.schema.ts'
import { readGroup } from '#domain/groups/group.service.ts'
import type { Group } from '#domain/groups/group.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { textField } from '#foundation/web/components/field.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { draftedForm, keepsFields } from '#foundation/web/pages/draft.ts'
import {
  answerOf,
  type FormState,
  formSummary,
  readForm,
  refusedForm,
  typedField,
  seenField,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { groupPath, GROUPS_PATH } from './group-path.ts'
import { changeGroup, createGroup } from './groups.service.ts'

const GroupForm = Type.Object({
  name: Type.String(),
  description: Type.Optional(Type.String()),
  seen: Type.Optional(Type.String()),
})
const KEPT = ['name', 'description', 'seen']

const config = { access: 'groups:write', besides: 'users:read', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'palette', order: 50, label: (say) => say.groups.new }
const schema = { params: GroupParameters }

export function groupFormPages(app: App): void {
  app.get(`${GROUPS_PATH}/new`, { config: { ...config, navigation } }, (_request, reply) =>
    showForm(reply, draftedForm(reply, `${GROUPS_PATH}/new`)),
  )

  app.post(`${GROUPS_PATH}/new`, { config }, async ({ ctx, body }, reply) => {
    const form = readForm(GroupForm, body)
    if ('fieldErrors' in form) return showForm(reply, refusedForm(body, KEPT, form.fieldErrors))
    const { name, description = '' } = form.value
    const { answer, refusal } = await answerOf(createGroup(ctx, { name, description }))
    if (refusal) return showForm(reply, refusedForm(body, KEPT, refusal))
    return redirectWithFlash(reply, groupPath(answer, '?done=created'))
  })

  app.get(`${GROUPS_PATH}/:id/edit`, { config, schema }, async ({ ctx, params }, reply) => {
    const group = await readGroup(ctx, params.id)
    return showForm(reply, draftedForm(reply, groupPath(group, '/edit')), group)
  })

  app.post(`${GROUPS_PATH}/:id/edit`, { config, schema }, async ({ ctx, params, body }, reply) => {
    const group = await readGroup(ctx, params.id)
    const form = readForm(GroupForm, body)
    if ('fieldErrors' in form) return showForm(reply, refusedForm(body, KEPT, form.fieldErrors), group)
    // A browser sends every field, so an empty one means none.
    const { name, description = '', seen } = form.value
    const { refusal } = await answerOf(changeGroup(ctx, group.id, { name, description }, matchesForm(seen, groupTag)))
    if (refusal) return showForm(reply, refusedForm(body, KEPT, refusal), group)
    return redirectWithFlash(reply, groupPath(group, '?done=saved'))
  })
}

function showForm(reply: FastifyReply, state: FormState, group?: Group): FastifyReply {
  const { say, config: settings, formToken } = adminReader(reply)
  const { groups: words } = say
  const { form } = words
  const field = (id: 'name' | 'description') => ({
    ...typedField(say, state, id, group?.[id]),
    label: form[id],
    autocomplete: 'off',
  })
  const path = group === undefined ? `${GROUPS_PATH}/new` : groupPath(group, '/edit')
  return sendPage(reply, {
    title: [group === undefined ? words.new : form.editTitle(withoutTurns(group.name)), words.title],
    heading: group && withNames(form.editTitle, group.name),
    notice: formSummary(say, state, {
      name: { id: 'name', label: form.name },
      description: { id: 'description', label: words.columns.description },
    }),
    refusal: state.refusal,
    body: html`<form method="post" action="${path}">
      ${formToken} ${keepsFields(reply, path, KEPT)} ${group && seenField(state, groupTag(group))}
      ${textField({ ...field('name'), hint: form.nameHint, required: true })}
      ${textField({ ...field('description'), hint: form.descriptionHint })}
      ${buttonRow(
        submitButton(group === undefined ? form.create : say.words.save),
        linkButton(group === undefined ? GROUPS_PATH : groupPath(group), say.words.cancel),
      )}
    </form>`,
    api: apiEquivalent(say, settings, {
      method: group === undefined ? 'POST' : 'PATCH',
      path: group === undefined ? '/groups' : `/groups/${group.id}`,
      body: { name: group?.name ?? 'Engineering' },
    }),
  })
}
