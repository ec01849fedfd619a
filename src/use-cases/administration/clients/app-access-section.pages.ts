// The section of an app's page that says who may use it.
import type { Client } from '#domain/clients/client.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import type { PlanDeps } from '../policy-rollout/plan.service.ts'
import { checkAccess } from './access-check.service.ts'
import { refusedIn } from './access-check.ts'
import { lastAccessChange } from './access-undo.service.ts'
import { accessFacts, isForEveryone, reasonList } from './app-access.pages.ts'
import { appPath } from './app-path.ts'

/** Who may use the app, what is needed, and how many people cannot. */
export async function accessSection(ctx: PlanDeps, reader: AdminReader, client: Client): Promise<Html> {
  const { say } = reader
  const { appAccess: words } = say
  const change = await lastAccessChange(ctx, client)
  return section({
    id: 'access',
    title: words.title,
    action: change !== undefined && linkButton(appPath(client, '/undo-access'), words.undo.open),
    body: html`${await accessFacts(ctx, reader, client)}
    ${!isForEveryone(client) && (await refusedNumbers(ctx, reader, client))}`,
  })
}

async function refusedNumbers(ctx: PlanDeps, reader: AdminReader, client: Client): Promise<Html> {
  const { say } = reader
  const { appAccess: words } = say
  const checked = await checkAccess(ctx, { after: client })
  const count = refusedIn(checked)
  if (count === 0) return html`<p>${words.all}</p>`
  return html`<p><strong>${words.cannot(count, count.toLocaleString(say.language))}</strong></p>
    ${reasonList(
      reader,
      checked.counts.map(({ reason, users }) => [reason, users]),
    )}
    <p class="small">${words.counted}</p>`
}
