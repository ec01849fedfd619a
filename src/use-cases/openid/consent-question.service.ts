// The question to the user of an app that is not trusted: what it is shown with, and the answer.
import { listAttributes } from '#domain/attributes/attribute.service.ts'
import { inAuthorizedTransaction } from '#domain/authorization/authorization.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { findConsent, giveConsent } from '#domain/grants/consent.service.ts'
import type { Consent, ConsentItem } from '#domain/grants/consent.ts'
import { groupNamesByIds } from '#domain/groups/group.service.ts'
import type { WithSession } from '#foundation/context.ts'
import { type Asked, finishInteraction } from './interaction.service.ts'
import { requestedItems } from './requested-items.ts'

export interface ConsentQuestion {
  readonly items: readonly ConsentItem[]
  /** What the user agreed to before at this app; undefined if nothing. */
  readonly before: Consent | undefined
  /** The names of the groups in the items. */
  readonly groups: readonly string[]
  /** The labels of the attributes in the items. */
  readonly attributes: readonly string[]
}

/** Returns what a request asks the user who is signed in for. */
export function readQuestion(ctx: WithSession<'db'>, asked: Asked): Promise<ConsentQuestion> {
  return questionOf(ctx, asked.client, itemsOf(asked))
}

/** Returns these, with what the user who is signed in has to read about them. */
export async function questionOf(
  ctx: WithSession<'db'>,
  client: Client,
  items: readonly ConsentItem[],
): Promise<ConsentQuestion> {
  const keys = refsIn(items, 'attribute:')
  const declared = keys.length === 0 ? [] : await listAttributes(ctx)
  return {
    items,
    before: await findConsent(ctx, client, ctx.principal.user.subject),
    groups: await groupNamesByIds(ctx, refsIn(items, 'group:')),
    attributes: declared.filter(({ key }) => keys.includes(key)).map(({ label }) => label),
  }
}

/**
 * Stores that the user agrees, with the event, and that the authorization can go on; false if the app was changed since the page was shown, so
 * that the user would agree to something else than what they have read.
 */
export async function agree(
  ctx: WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config'>,
  asked: Asked,
  shownRevision: unknown,
): Promise<boolean> {
  const { interaction, client } = asked
  if (!client.trusted && shownRevision !== String(client.revision)) return false
  await inAuthorizedTransaction(
    ctx,
    async (tx) => {
      if (!client.trusted) await giveConsent(tx, client, tx.principal.user.subject, itemsOf(asked))
      await finishInteraction(tx, interaction, 'consent')
    },
    { lock: 'share' },
  )
  return true
}

function itemsOf({ client, interaction: { params } }: Asked): ConsentItem[] {
  return requestedItems(client, { scope: params['scope'], claims: JSON.parse(params['claims'] ?? '{}') })
}

function refsIn(items: readonly ConsentItem[], prefix: 'attribute:' | 'group:'): string[] {
  return items.filter((item) => item.startsWith(prefix)).map((item) => item.slice(prefix.length))
}
