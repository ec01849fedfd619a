// The page before a change is saved by which people may lose an app: who it is, and who may use the app then.
import type { FastifyReply } from 'fastify'

import type { AccessFields } from '#domain/clients/access-change.ts'
import { type AppAccess, isStricter } from '#domain/clients/app-access.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { refusalSentence } from '#foundation/texts/texts.ts'
import { apiEquivalent, type ApiRequest } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, confirmDangerButton, submitButton } from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { section } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { checkAccess, type CheckedAccess } from './access-check.service.ts'
import { newlyRefusedIn } from './access-check.ts'
import { accessFacts, newlyRefusedList } from './app-access.pages.ts'
import type { RuleWords } from './app-rule.pages.ts'

export interface AccessQuestionPage {
  readonly title: string
  readonly question: (name: string) => string
  readonly name: string
  /** Who may use the app now; undefined for a new one. */
  readonly before: AppAccess | undefined
  readonly after: AccessFields
  /** Above what changes. */
  readonly lead?: Html | undefined
  /** Where the form goes, with these values. */
  readonly action: string
  readonly values: Readonly<Record<string, string>>
  /** The button: where people lose the app, and where no one does. */
  readonly submit: { readonly anyway: string; readonly safely: string }
  readonly back: Html
  readonly rule: RuleWords | undefined
  readonly refusal?: Refusal | undefined
  /** The same as a request, where the page is no step of a form. */
  readonly api?: ApiRequest
}

/** Asks before who may use an app is changed. Its form repeats the values of the form before it, so that nothing is lost on the way back. */
export async function askAboutAccess(reply: FastifyReply, asked: AccessQuestionPage): Promise<FastifyReply> {
  const { title, question, name, before, after, lead, action, values, submit, back, rule, refusal, api } = asked
  const ctx = signedIn(reply.request.ctx)
  const reader = adminReader(reply)
  const { say, config, formToken } = reader
  const mayLose = before === undefined || isStricter(before, after)
  const checked = mayLose ? await checkAccess(ctx, { before, after }) : undefined
  const isLoss = checked !== undefined && newlyRefusedIn(checked) > 0
  const label = isLoss ? submit.anyway : submit.safely
  const button = isLoss && rule === undefined ? confirmDangerButton : submitButton
  const refused = checked && (await refusedSection(ctx, reader, { checked, isNew: before === undefined }))
  return sendPage(reply, {
    title: [title, say.apps.title],
    heading: withNames(question, name),
    notice: refusal && banner('danger', refusalSentence(say, refusal)),
    refusal,
    body: html`${lead} ${refused}
      ${section({ id: 'then', title: say.appAccess.check.afterwards, body: await accessFacts(ctx, reader, after) })}
      ${rule && banner('info', rule.all)}
      <form method="post" action="${action}">
        ${formToken}
        ${Object.entries(values).map(([field, value]) => html`<input type="hidden" name="${field}" value="${value}" />`)}
        ${buttonRow(button(rule?.submit ?? label), back)}
      </form>`,
    ...(api && { api: apiEquivalent(say, config, api) }),
  })
}

async function refusedSection(
  ctx: Parameters<typeof newlyRefusedList>[0],
  reader: AdminReader,
  { checked, isNew }: { readonly checked: CheckedAccess; readonly isNew: boolean },
): Promise<Html> {
  const { appAccess: words } = reader.say
  const { check } = words
  const count = newlyRefusedIn(checked)
  const shown = count.toLocaleString(reader.say.language)
  const numbers = isNew ? words.cannot : check.newly
  const none = isNew ? words.all : check.none
  return section({
    id: 'refused',
    title: isNew ? check.whoNew : check.who,
    body: html`<p>${count === 0 ? none : html`<strong>${numbers(count, shown)}</strong>`}</p>
      ${count > 0 && (await newlyRefusedList(ctx, reader, checked))}
      <p class="small">${words.counted}</p>
      ${count > 0 && !isNew && html`<p>${check.takesEffect}</p>`}`,
  })
}
