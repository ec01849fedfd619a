// The section of an app's page that says that ends of sessions do not reach the app, and the button that sends them again.
import type { DeliveryState } from '#domain/back-channel/app-deliveries.service.ts'
import type { Client } from '#domain/clients/client.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { secondaryButton } from '#foundation/web/components/button.ts'
import { moment } from '#foundation/web/components/moments.ts'
import { factList, section } from '#foundation/web/components/section.ts'
import { state } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { appPath, APPS_PATH, appTabPath } from './app-path.ts'
import { sendDeliveriesAgain } from './app-state.service.ts'
import { AppParameters } from './clients.schema.ts'

const route = { access: 'apps:write', page: true, undocumented: true } as const
const schema = { params: AppParameters }

export function appDeliveriesPages(app: App): void {
  app.post(`${APPS_PATH}/:id/deliveries/retry`, { config: route, schema }, async ({ ctx, params }, reply) => {
    await sendDeliveriesAgain(ctx, params.id)
    return redirectWithFlash(reply, appTabPath(params, 'sign-ins', '?done=deliveries-retried'))
  })
}

/** How many ends of sessions an app has not heard of, where it failed; those that are sent for the first time do not count alone. */
export function endsUnheard({ failingSince, waiting, givenUp }: DeliveryState): number {
  return failingSince === null ? 0 : waiting + givenUp
}

/** What did not reach the app, and why; undefined where nothing fails. */
export function deliveriesSection(reader: AdminReader, client: Client, deliveries: DeliveryState): Html | undefined {
  const { waiting, givenUp, failingSince, lastAnswer, nextAttemptAt } = deliveries
  if (failingSince === null) return undefined
  const { say, formToken, config } = reader
  const { deliveries: words } = say.apps
  const shown = (count: number): string => count.toLocaleString(say.language)
  const all = endsUnheard(deliveries)
  return section({
    id: 'deliveries',
    title: words.title,
    action: html`<form method="post" action="${appPath(client, '/deliveries/retry')}">
      ${formToken} ${secondaryButton(words.retry)}
    </form>`,
    api: apiEquivalent(say, config, { method: 'POST', path: `/apps/${client.id}/deliveries/retry` }),
    body: html`<p>${state('warn', words.count(all, shown(all)))}</p>
      ${factList([
        [words.lastAnswer, html`<bdi>${lastAnswer}</bdi>`],
        [words.since, moment(reader, failingSince)],
        ...(givenUp > 0 && waiting > 0 ? [[words.givenUp, shown(givenUp)] as const] : []),
        [words.next, nextAttempt(reader, nextAttemptAt)],
      ])}`,
  })
}

function nextAttempt(reader: AdminReader, at: Instant | null): Html | string {
  const { deliveries: words } = reader.say.apps
  if (at === null) return words.noNext
  return at > reader.now ? moment(reader, at) : words.dueNow
}
