// What the page of an interaction asks or says itself.
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Restriction } from '#domain/clients/app-access.ts'
import { texts } from '#foundation/texts/texts.ts'
import { longButtonRow, primaryLink, secondaryButton, submitButton } from '#foundation/web/components/button.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { whoIsSignedIn } from '#use-cases/page-sections/signed-in-user.pages.ts'
import { additionPath } from '#use-cases/page-sections/stronger-factor.pages.ts'
import { sendAppCard } from './app-card.pages.ts'
import { type Asked, type Interaction, requirementFor } from './interaction.service.ts'
import { interactionPath } from './openid-path.ts'

/** Asks whether to go on to a program on the device, which only says which app it is. */
export async function askToContinue(
  request: FastifyRequest,
  reply: FastifyReply,
  { interaction, client }: Asked,
): Promise<FastifyReply> {
  const { agree } = texts(localeOf(reply)).openid
  return sendAppCard(request, reply, client, {
    title: agree.title,
    body: html`<p class="lead">${withNames(agree.onDevice, client.name)}</p>
      ${whoIsSignedIn(request, reply, notYou(request, reply, interaction))}
      ${longButtonRow(
        form(request, interaction, 'consent', submitButton(agree.continue)),
        form(request, interaction, 'deny', secondaryButton(agree.cancel)),
      )}`,
  })
}

/** Says that the app expects another account, and offers to sign in with that. */
export async function askForAnother(
  request: FastifyRequest,
  reply: FastifyReply,
  { interaction, client }: Asked,
): Promise<FastifyReply> {
  const { otherUser } = texts(localeOf(reply)).openid
  const { username } = signedIn(request.ctx).principal.user
  return sendAppCard(request, reply, client, {
    title: otherUser.title,
    body: html`<p class="lead">${withNames(otherUser.lead, client.name, username)}</p>
      <p>${withNames(otherUser.endsSession, username)}</p>
      ${longButtonRow(
        form(request, interaction, 'other', submitButton(otherUser.signInAsOther)),
        form(request, interaction, 'deny', secondaryButton(otherUser.cancel)),
      )}`,
  })
}

/** Says that the user may not use the app, and by what it is restricted, without the names of the roles and groups that may use it. */
export function showRestricted(
  request: FastifyRequest,
  reply: FastifyReply,
  { interaction, client }: Asked,
  restriction: Restriction,
): FastifyReply {
  const { restricted, unmet } = texts(localeOf(reply)).openid
  const back = secondaryButton(html`<span>${withNames(unmet.back, client.name)}</span>`)
  return sendPage(reply, {
    title: restricted.title(client.name),
    heading: withNames(restricted.title, client.name),
    frame: 'card',
    above: lineDrawing('bolted'),
    status: 403,
    body: html`<p class="lead">${withNames(restricted.leads[restriction], client.name)}</p>
      <p>${restricted.ask}</p>
      ${whoIsSignedIn(request, reply, notYou(request, reply, interaction))}
      ${longButtonRow(form(request, interaction, 'deny', back))}`,
  })
}

/** Says which protection the app asks for, and how to add it, before the app learns that its user lacks it. */
export async function showUnmet(
  request: FastifyRequest,
  reply: FastifyReply,
  { interaction, client }: Asked,
): Promise<FastifyReply> {
  const { unmet } = texts(localeOf(reply)).openid
  const { least = 'two-factors' } = requirementFor({ interaction, client }, signedIn(request.ctx))
  const path = await additionPath(request, least)
  const back = form(
    request,
    interaction,
    'unmet',
    secondaryButton(html`<span>${withNames(unmet.back, client.name)}</span>`),
  )
  return sendAppCard(request, reply, client, {
    title: unmet.title,
    status: 403,
    body: html`<p class="lead">${withNames((name) => unmet.lead(name, least), client.name)}</p>
      <p>${path === undefined ? unmet.notAllowed : unmet.addThen}</p>
      ${path === undefined ? longButtonRow(back) : longButtonRow(primaryLink(path, unmet.add(least)), back)}`,
  })
}

/** The button by which someone else than the user who is signed in goes on: it ends the session, and the sign-in leads back to the question. */
export function notYou(request: FastifyRequest, reply: FastifyReply, interaction: Interaction): Html {
  const { notYou: question, notYouDoes } = texts(localeOf(reply)).openid
  return html`<form id="other" method="post" action="${interactionPath(interaction.uid)}/other" hidden>
      ${formToken(request)}
    </form>
    <button class="button quiet" type="submit" form="other">
      ${question}<span class="unseen"> ${notYouDoes}</span>
    </button>`
}

function form(request: FastifyRequest, { uid }: Interaction, answer: string, button: Html): Html {
  return html`<form method="post" action="${interactionPath(uid)}/${answer}">${formToken(request)} ${button}</form>`
}
