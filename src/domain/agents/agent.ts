// Agents: programs that no admin registers, each known by the URL of its document. Tested in agent.test.ts.
import { createHash } from 'node:crypto'

import type { Client } from '#domain/clients/client.ts'

/** What an admin says about agents. */
export interface AgentSetting {
  readonly enabled: boolean
  /** URLs of documents, and hosts of which every document counts. */
  readonly allowedDocuments: readonly string[]
  readonly revision: number
}

export const MOST_AGENTS = 1000

/**
 * Returns a digest of what a user is shown of an agent and agrees to; null for an app that an admin has registered. A consent holds as long as
 * the document says the same.
 */
export function documentDigest({
  kind,
  name,
  redirectUris,
  scopes,
  startUrl,
}: Pick<Client, 'kind' | 'name' | 'redirectUris' | 'scopes' | 'startUrl'>): string | null {
  if (kind !== 'agent') return null
  return createHash('sha256')
    .update(JSON.stringify([name, redirectUris, scopes, startUrl]))
    .digest('base64url')
}

/** Whether a change allows agents that were not allowed before, so that a second admin must approve it. While agents are off, a list allows none. */
export function letsMoreIn(before: AgentSetting, after: AgentSetting): boolean {
  const isMore = after.allowedDocuments.some((entry) => !before.allowedDocuments.includes(entry))
  return after.enabled && (!before.enabled || isMore)
}
