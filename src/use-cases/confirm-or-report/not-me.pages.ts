import type { FastifyReply, FastifyRequest } from 'fastify'

import { liftCommand, NOT_ME_PATH } from '#domain/notices/notice.service.ts'
import type { With } from '#foundation/context.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { dayAndTime } from '#foundation/texts/day-and-time.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { confirmDangerButton, linkButton, longButtonRow, primaryLink } from '#foundation/web/components/button.ts'
import { commandBox } from '#foundation/web/components/copy.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { cardPart, drawnList, noted, pieces } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { answerOf } from '#foundation/web/pages/form.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { redirectRefused, shownForm } from '#foundation/web/pages/refused-form.ts'
import { noticeWords } from '#use-cases/page-sections/notice.pages.ts'
import { LINK_PAGE, LINK_PARAMETERS, refuseLink } from './mailed-link.pages.ts'
import { readReport, type Reported, reportNotMe } from './not-me.service.ts'

type LinkRequest = Pick<FastifyRequest, 'ctx'> & { readonly params: { readonly token: string } }

/** The page of "This wasn't me". GET shows what the notice was about; POST ends sessions and tokens. */
export function notMePages(app: App): void {
  const options = { config: LINK_PAGE, schema: LINK_PARAMETERS }
  app.get(`${NOT_ME_PATH}/:token`, options, (request, reply) => showQuestion(request, reply, shownForm(reply).refusal))

  app.post(`${NOT_ME_PATH}/:token`, options, async ({ ctx, params }, reply) => {
    const { answer, refusal } = await answerOf(reportNotMe(ctx, Secret.of(params.token)))
    const say = texts(localeOf(reply))
    if (refusal) return redirectRefused(reply, { refusal }) ?? refuseLink(reply, refusal, say.notMe)
    return sendPage(reply, {
      title: [say.notMe.done, say.notMe.title],
      above: lineDrawing('bolted'),
      body: reportedBody(ctx, say, answer),
    })
  })
}

async function showQuestion(
  { ctx, params }: LinkRequest,
  reply: FastifyReply,
  refused?: Refusal,
): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { answer, refusal } = await answerOf(readReport(ctx, Secret.of(params.token)))
  if (refusal) return refuseLink(reply, refused ?? refusal, say.notMe)
  if (refused) throw refused
  const { notMe } = say
  const { ended, password, check } = notMe.consequences
  const { user, at } = answer
  return sendPage(reply, {
    title: notMe.title,
    heading: notMe.question,
    body: html`<p class="lead">${notMe.lead}</p>
      ${noted([
        html`<strong>${noticeWords(say, answer)}</strong>`,
        html`<div class="small">
          ${pieces([name(user.username), dayAndTime({ say, timeZone: user.timeZone }, at)])}
        </div>`,
      ])}
      ${cardPart(
        notMe.consequencesTitle,
        html`${drawnList([
            { drawing: 'out', ...ended },
            { drawing: 'key', ...password },
            { drawing: 'shield', ...check },
          ])}
          <p class="small">${notMe.several}</p>`,
      )}
      <form method="post">
        ${formToken({ ctx })} ${longButtonRow(confirmDangerButton(notMe.submit), linkButton('/', notMe.cancel))}
      </form>`,
  })
}

/** What has ended, and how the user gets in again. */
export function reportedBody(ctx: With<'config'>, say: Texts, { user, by, isChanged, isLastAdmin }: Reported): Html {
  const { notMe } = say
  const lead = html`<p class="lead">${notMe.doneText}</p>`
  const { secondStep, password } = notMe.doneByUnchanged
  if (by === 'user')
    return html`${lead}
      ${
        isChanged
          ? html`<ol>
              ${[secondStep, password].map(
                ({ label, detail }) =>
                  html`<li>
                    <strong>${label}</strong>
                    <div class="small">${detail}</div>
                  </li>`,
              )}
            </ol>`
          : html`<p>${notMe.doneByUser}</p>`
      }
      <p>${primaryLink('/sign-in', say.signIn.title)}</p>`
  if (!isLastAdmin)
    return html`${lead}
      <p>${notMe.doneByAdmin}</p>`
  return html`${lead}
    <p>${notMe.doneByOperator}</p>
    <p>${commandBox(liftCommand(ctx, user))}</p>`
}
