// The question to the user of an app that is not trusted: what it is shown with, and the answer.
import { listAttributes } from '#domain/attributes/attribute.service.ts'
import { inAuthorizedTransaction } from '#domain/authorization/authorization.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { findResourceByUri } from '#domain/clients/resource.service.ts'
import { allowsClient, type Resource } from '#domain/clients/resource.ts'
import { findConsent, giveConsent } from '#domain/grants/consent.service.ts'
import type { Consent, ConsentItem } from '#domain/grants/consent.ts'
import { groupNamesByIds } from '#domain/groups/group.service.ts'
import type { With, WithSession } from '#foundation/context.ts'
import { type Asked, finishInteraction } from './interaction.service.ts'
import { type RequestedAccess, requestedItems } from './requested-items.ts'

/** The parameters of a request that say what it asks for. */
export interface AccessParams {
  readonly scope?: string | undefined
  /** As JSON. */
  readonly claims?: string | undefined
  readonly resource?: string | undefined
}

export interface Requested {
  readonly items: readonly ConsentItem[]
  readonly access: RequestedAccess
  /** The API that the app asks to call. */
  readonly resource: Resource | undefined
  /** Of the rows that say what is asked for. */
  readonly revision: string
}

export interface ConsentQuestion extends Requested {
  /** What the user agreed to before at this app; undefined if nothing. */
  readonly before: Consent | undefined
  readonly groups: readonly string[]
  /** The labels of the attributes in the items. */
  readonly attributes: readonly string[]
}

/** Returns what a request asks the user who is signed in for. */
export async function readQuestion(ctx: WithSession<'db'>, { client, interaction }: Asked): Promise<ConsentQuestion> {
  return questionOf(ctx, client, await readRequestedAccess(ctx, client, interaction.params))
}

/** Returns what is asked for, with what the user who is signed in has to read about it. */
export async function questionOf(
  ctx: WithSession<'db'>,
  client: Client,
  requested: Requested,
): Promise<ConsentQuestion> {
  const { items } = requested
  const keys = refsIn(items, 'attribute:')
  const declared = keys.length === 0 ? [] : await listAttributes(ctx)
  return {
    ...requested,
    before: await findConsent(ctx, client, ctx.principal.user.subject),
    groups: await groupNamesByIds(ctx, refsIn(items, 'group:')),
    attributes: declared.filter(({ key }) => keys.includes(key)).map(({ label }) => label),
  }
}

/**
 * Stores that the user agrees, with the event, and that the authorization can go on; false if the app or the resource was changed since the page
 * was shown, so that the user would agree to something else than what they have read.
 */
export async function agree(
  ctx: WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config'>,
  asked: Asked,
  shownRevision: unknown,
): Promise<boolean> {
  const { interaction, client } = asked
  const { items, revision } = await readRequestedAccess(ctx, client, interaction.params)
  if (!client.trusted && shownRevision !== revision) return false
  await inAuthorizedTransaction(
    ctx,
    async (tx) => {
      if (!client.trusted) await giveConsent(tx, client, tx.principal.user.subject, items)
      await finishInteraction(tx, interaction, 'consent')
    },
    { lock: 'share' },
  )
  return true
}

/**
 * Returns what a request with these parameters asks for; `itemsOf` says what the user agrees to by it. The resource is undefined also where it is
 * gone, or no longer for this app.
 */
export async function readRequestedAccess(
  ctx: With<'db'>,
  client: Client,
  { scope, claims = '{}', resource: uri }: AccessParams,
  itemsOf: typeof requestedItems = requestedItems,
): Promise<Requested> {
  const found = uri ? await findResourceByUri(ctx, uri) : undefined
  // Where it is gone, the library refuses the authorization when it goes on.
  const resource = found && allowsClient(found, client.id) ? found : undefined
  const access = { scope, claims: JSON.parse(claims) as unknown, resource }
  const rows = [client, ...(resource === undefined ? [] : [resource])]
  return {
    items: itemsOf(client, access),
    access,
    resource,
    revision: rows.map(({ revision }) => revision).join(' '),
  }
}

function refsIn(items: readonly ConsentItem[], prefix: 'attribute:' | 'group:'): string[] {
  return items.filter((item) => item.startsWith(prefix)).map((item) => item.slice(prefix.length))
}
