import { listWaiting } from '#domain/registrations/registration.service.ts'
import type { WaitingRegistration } from '#domain/registrations/registration.ts'
import type { With } from '#foundation/context.ts'

export interface WaitingPage {
  /** The oldest first. */
  readonly items: readonly WaitingRegistration[]
  /** The id after which the next page begins; null on the last page. */
  readonly next: string | null
}

export async function pageWaiting(
  ctx: With<'db' | 'now'>,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<WaitingPage> {
  const found = await listWaiting(ctx, { after, limit: limit + 1 })
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
}
