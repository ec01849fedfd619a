// Invites several users from a list: a form, what each line would do, and what it did.
import type { FastifyReply } from 'fastify'

import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { copyButton } from '#foundation/web/components/copy.ts'
import { longTextField } from '#foundation/web/components/field.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { factList } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { SubmitDeduplicator } from '#foundation/web/http/submit-deduplicator.ts'
import { Type } from '#foundation/web/http/type.ts'
import { draftedForm, keepDraft, keepsFields } from '#foundation/web/pages/draft.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  formSummary,
  type Outcome,
  readForm,
  refusedForm,
  typedField,
  withLabels,
} from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'
import { showForeseen, showInvited } from './bulk-invitations-report.pages.ts'
import { LONGEST_LIST } from './bulk-invitations.schema.ts'
import { foreseeInvitations, inviteListed, type LineReport } from './bulk-invitations.service.ts'
import { DeliveryField } from './delivery-field.schema.ts'
import { deliveryChoice } from './delivery.pages.ts'
import { CARD_MODULES, chosenLifetime, expiryField } from './invitation.pages.ts'
import { languageField } from './language-field.pages.ts'

export const INVITE_MANY_PATH = `${USERS_PATH}/invite-many`

const ListForm = Type.Object({
  csv: Type.String({ maxLength: LONGEST_LIST }),
  delivery: DeliveryField,
  expires_in: Type.Optional(Type.String()),
  locale: Type.Optional(Type.String()),
  /** What to do with the list: check it, create its users, or show it again to change it. */
  step: Type.Optional(Type.String()),
})
const KEPT = ['csv', 'delivery', 'expires_in', 'locale']

const config = { access: 'users:write', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'palette', order: 20, label: (say) => say.joining.many.title }

/** One URL for all steps: the list travels in the form, so that nothing is stored before its users are created. */
export function bulkInvitationPages(app: App): void {
  // A repeated submission would find every name taken, and the browser would show that instead of the links.
  const submissions = new SubmitDeduplicator<Outcome<LineReport[]>>(({ refusal }) => refusal === undefined)

  // After re-authentication the form is filled with the list typed before it, if a cookie could hold it.
  app.get(INVITE_MANY_PATH, { config: { ...config, navigation } }, (_request, reply) =>
    showListForm(reply, draftedForm(reply, INVITE_MANY_PATH)),
  )

  app.post(INVITE_MANY_PATH, { config, bodyLimit: LONGEST_LIST }, async ({ ctx, body }, reply) => {
    const form = readForm(ListForm, body)
    if ('fieldErrors' in form) return showListForm(reply, refusedForm(body, KEPT, form.fieldErrors))
    const { csv, delivery = 'link', expires_in: span, locale, step } = form.value
    const { lifetime, fieldErrors } = chosenLifetime(ctx.config.invitationLifetime, span)
    if (fieldErrors) return showListForm(reply, refusedForm(body, KEPT, fieldErrors))
    const { values } = refusedForm(body, KEPT, [])
    if (step === 'change') return showListForm(reply, { ...EMPTY_FORM, values })
    const isConfirmed = step === 'create'
    const wish = { csv, delivery, lifetime, locale: locale || null }
    const typed = [JSON.stringify(values)]
    const submission = { browser: signedIn(ctx).principal.session.id, body, typed }
    const { answer, refusal } = isConfirmed
      ? await submissions.answer(submission, ctx.now, () => answerOf(inviteListed(ctx, wish)))
      : await answerOf(foreseeInvitations(ctx, wish))
    if (refusal === undefined) {
      return isConfirmed ? showInvited(reply, answer) : showForeseen(reply, answer, { path: INVITE_MANY_PATH, values })
    }
    if (refusal.code !== 'access.reauthentication_required')
      return showListForm(reply, refusedForm(body, KEPT, refusal))
    keepDraft(reply, INVITE_MANY_PATH, values)
    return seeOther(reply, withNext('/confirm', { next: INVITE_MANY_PATH }))
  })
}

function showListForm(reply: FastifyReply, state: FormState): FastifyReply {
  const reader = adminReader(reply)
  const { say, config: settings, formToken } = reader
  const { many } = say.joining
  return sendPage(reply, {
    title: [many.title, say.users.title],
    notice: formSummary(
      say,
      state,
      withLabels({
        csv: many.label,
        delivery: say.joining.delivery.label,
        locale: say.joining.language.ofList,
        expires_in: say.users.expiryLabel,
      }),
    ),
    refusal: state.refusal,
    modules: CARD_MODULES,
    body: html`<p class="lead">${many.lead}</p>
      <form method="post" action="${INVITE_MANY_PATH}">
        ${formToken} ${keepsFields(reply, INVITE_MANY_PATH, KEPT)} ${example(reader)}
        ${longTextField({
          ...typedField(say, state, 'csv'),
          label: many.label,
          hint: many.hint,
          rows: 8,
          required: true,
        })}
        ${languageField(say, state, localeOf(reply), say.joining.language.ofList)} ${deliveryChoice(reader, state)}
        ${expiryField(say, settings.invitationLifetime, state)}
        ${buttonRow(submitButton(many.check), linkButton(USERS_PATH, say.words.cancel))}
      </form>`,
    api: apiEquivalent(say, settings, {
      method: 'POST',
      path: '/invitations/bulk',
      body: { csv: 'username,email\ngrace,grace@example.org', dry_run: true },
    }),
  })
}

const SAMPLE = 'sample'

/** A list to start from, and what each column holds. */
function example({ say }: AdminReader): Html {
  const { many } = say.joining
  const columns = many.columnsOf.map(([column, holds]) => [html`<code>${column}</code>`, holds] as const)
  return html`<div>
    <dl class="copy">
      <dt>${many.example}</dt>
      <dd>
        <pre class="message mono" id="${SAMPLE}" tabindex="0">${many.sample}</pre>
        ${copyButton(say, SAMPLE)}
      </dd>
    </dl>
    <details>
      <summary>${many.allColumns}</summary>
      ${factList(columns)}
    </details>
  </div>`
}
